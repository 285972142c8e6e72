/// One step of a compiled expression, for a machine with a stack of values.
///
/// Jumps are relative to the instruction after them, so that a block can be moved as a whole.
enum Instruction: Sendable {
    case constant(Value)
    /// The value of the free name with this index.
    case name(Int)
    /// The element that the comprehension with this index is at.
    case local(Int)
    case binary(BinaryOperator)
    case compare(Comparison)
    case negate
    /// Unary plus: the operand has to be a number.
    case plus
    case not
    /// `and`: a falsy value stays and is the result; a truthy one is dropped and what follows decides.
    case jumpIfFalse(Int)
    /// `or`, the other way round.
    case jumpIfTrue(Int)
    /// `a < b < c`: compares the two on top; where that holds `b` stays for the next comparison, else the result does.
    case chain(Comparison, Int)
    /// Drops the value, and jumps if it was falsy.
    case branchIfFalse(Int)
    case jump(Int)
    /// Makes a list of so many values.
    case list(Int)
    case subscripted
    case call(Function, Int)
    /// Takes a list, for the comprehension with this index to go over.
    case beginLoop(Int)
    /// Goes to the next element, or jumps if there is none.
    case nextElement(Int, Int)
    /// Takes a value as the comprehension's next result.
    case collect(Int)
    /// Puts the comprehension's results on the stack.
    case endLoop(Int)
}

/// The instructions of one expression, and where in the text each comes from (bytes of UTF-8).
struct Program: Sendable {
    var code: [Instruction] = []
    var offsets: [Int] = []

    mutating func append(_ instruction: Instruction, at offset: Int) {
        code.append(instruction)
        offsets.append(offset)
    }

    mutating func append(_ block: Program) {
        code += block.code
        offsets += block.offsets
    }

    /// Cuts off and returns what was appended since `start`.
    mutating func removeBlock(from start: Int) -> Program {
        let block = Program(code: Array(code[start...]), offsets: Array(offsets[start...]))
        code.removeSubrange(start...)
        offsets.removeSubrange(start...)
        return block
    }
}
