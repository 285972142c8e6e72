import FoundationEssentials
import KernelSpec
import Subprocess
import SystemPackage

/// A recording's text, plain or compressed by gzip; told apart by how it begins, not by its name.
enum RecordingFile {
    private static let gzipMagic: [UInt8] = [0x1F, 0x8B]
    /// A recording of a million configs is smaller than this.
    private static let mostBytes = 2 << 30

    static func bytes(of path: String) async throws(MeasurementError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            // Foundation's own errors do not say in a few words what the system said.
            try FileDescriptor.open(FilePath(path), .readOnly).close()
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .recording(path, "it cannot be read: \(error)")
        }
        guard bytes.starts(with: gzipMagic) else { return bytes }
        return try await decompressed(path)
    }

    private static func decompressed(_ path: String) async throws(MeasurementError) -> [UInt8] {
        do {
            let result = try await Subprocess.run(
                .name("gzip"), arguments: ["-dc", "--", path], input: .none, output: .sequence,
                error: .string(limit: 1 << 16)
            ) { execution in
                var bytes: [UInt8] = []
                for try await chunk in execution.standardOutput {
                    chunk.withBytes { bytes += $0 }
                    guard bytes.count <= mostBytes else { break }
                }
                return bytes
            }
            guard result.terminationStatus.isSuccess, result.closureResult.count <= mostBytes else {
                let words = result.standardError.split(whereSeparator: \.isNewline).first.map(String.init)
                throw MeasurementError.recording(path, "gzip could not decompress it: \(words ?? "no reason given")")
            }
            return result.closureResult
        } catch let error as MeasurementError {
            throw error
        } catch {
            throw .recording(path, "it is compressed, and gzip could not be run: \(error)")
        }
    }
}

extension MeasurementError {
    static func recording(_ path: String, _ why: String) -> MeasurementError {
        MeasurementError(
            .recordingNotReadable, "the recording \(path) is of no use: \(why)",
            help: "Give a T4 result file or a Kernel Tuner cache file of this kernel, plain or compressed by gzip.")
    }
}
