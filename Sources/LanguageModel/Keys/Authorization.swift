/// How a service is told who asks.
enum Authorization: Sendable {
    case key(KeyProvider)
    case amazon(AWSSignature)

    /// The way that the options and the environment mean.
    ///
    /// - Returns: Nothing of it is checked by the service yet; `isKnown` says whether there is anything to send.
    static func choose(
        _ service: Service, _ provider: Provider, _ options: ModelOptions, _ environment: [String: String]
    ) throws(LanguageModelError) -> (authorization: Authorization, isKnown: Bool) {
        if let file = options.apiKeyFile {
            return (.key(KeyProvider(.fixed(try APIKey.file(file)))), true)
        }
        if !options.apiKeyCommand.isEmpty {
            return (.key(KeyProvider(.command(options.apiKeyCommand, environment: Secret(environment)))), true)
        }
        if let key = try APIKey.first(of: service.keyVariables, in: environment) {
            return (.key(KeyProvider(.fixed(key))), true)
        }
        if provider == .bedrock, let access = environment.value("AWS_ACCESS_KEY_ID"),
            let secret = environment.value("AWS_SECRET_ACCESS_KEY")
        {
            let signature = AWSSignature(
                accessKey: access, secretKey: Secret(secret),
                sessionToken: environment.value("AWS_SESSION_TOKEN").map { Secret($0) },
                region: Provider.awsRegion(environment), service: "bedrock")
            return (.amazon(signature), true)
        }
        return (.key(KeyProvider(.fixed(nil))), false)
    }
}
