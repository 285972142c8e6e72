internal import ConfigSpace
internal import Search

/// The configs of a reply, reviewed and ready to be evaluated one by one while the model still writes.
///
/// For a reply that holds one list of configs, what `receive` and `end` give is together what `ProposalReview` gives for
/// the whole, in the same order, with the same rejections. At most `most` configs are given in any case.
struct ProposalStream {
    private var reply = ReplyStream()
    private(set) var review: ProposalReview

    init(history: History, most: Int) {
        review = ProposalReview(history: history, most: most)
    }

    /// Takes the next piece of the reply, and gives the configs that it completes.
    mutating func receive(_ delta: String) -> [Config] {
        reply.receive(delta).compactMap { review.add($0) }
    }

    /// Forgets the text: the service broke off, and answers again from the start.
    mutating func startAnew() {
        reply = ReplyStream()
        review.startAnew()
    }

    /// The reply is over: gives the configs that had to wait for that, and the reply as it was read.
    mutating func end() -> (configs: [Config], reply: ReadReply) {
        let ending = reply.end()
        if ending.rest == nil { review.startAnew() }
        return ((ending.rest ?? ending.reply.items).compactMap { review.add($0) }, ending.reply)
    }
}
