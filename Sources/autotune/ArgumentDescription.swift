internal import ConfigSpace
internal import Foundation
internal import KernelSpec

/// A kernel's argument in one line, with the memory that it takes.
enum ArgumentDescription {
    static func text(_ argument: Argument) -> String {
        switch argument.kind {
        case .scalar(let value):
            return "\(argument.name)  \(argument.dataType.rawValue) = \(value.json)"
        case .array(let shape, _, let role):
            let bytes = shape.reduce(Double(argument.dataType.byteCount)) { $0 * Double($1) }
            let size = ByteCountFormatStyle(style: .memory).format(Int64(bytes))
            let extents = shape.map(String.init).joined(separator: ", ")
            let order = argument.order.map { ", memory order \($0)" } ?? ""
            return "\(argument.name)  \(argument.dataType.rawValue)[\(extents)] \(role.rawValue), \(size)\(order)"
        }
    }
}
