extension Duration {
    /// As times are told and reckoned with everywhere here.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
