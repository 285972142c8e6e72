import Foundation
import LanguageModel
import Testing

@Suite("Asking a program") struct CommandModelTests {
    private func shell(_ script: String, model: String? = nil, total: Double = 60) -> ModelOptions {
        ModelOptions(model: model, command: ["/bin/sh", "-c", script], timeouts: Timeouts(total: total))
    }

    private let environment = ["PATH": "/usr/bin:/bin", "MY_API_KEY": secretKey]

    @Test("the conversation comes on stdin as one JSON object, and stdout is the reply")
    func echo() async throws {
        let reply = try await ask(ModelOptions(model: "gpt-x", command: ["cat"]), environment).get()
        #expect(
            reply.text == #"{"messages":[{"content":"You tune kernels.","role":"system"},"#
                + #"{"content":"Propose \"configs\" for a/b.","role":"user"}],"model":"gpt-x"}"# + "\n")
        #expect(reply.model == "gpt-x")
    }

    @Test("without a model the program is told null, and gives the reply its name")
    func noModel() async throws {
        let reply = try await ask(ModelOptions(command: ["/bin/cat"]), environment).get()
        #expect(reply.text.contains(#""model":null"#))
        #expect(reply.model == "cat")
    }

    @Test("arguments reach the program as they are, without a shell")
    func arguments() async throws {
        let reply = try await ask(ModelOptions(command: ["printf", "%s|", "a b", "$HOME", "*"]), environment).get()
        #expect(reply.text == "a b|$HOME|*|")
    }

    @Test("the environment is inherited, and arguments stay out of the name")
    func inherited() async throws {
        var environment = environment
        environment["GREETING"] = "hi"
        let options = shell("printf %s \"$GREETING\"")
        let reply = try await ask(options, environment).get()
        #expect(reply.text == "hi")
        #expect(try makeLanguageModel(options, environment: environment).name == "command sh")
    }

    @Test("a program that fails is told with its code and its last words")
    func failing() async throws {
        let script = "for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; echo key $MY_API_KEY >&2; echo half; exit 3"
        let error = await ask(shell(script), environment).error
        #expect(error?.kind == .commandFailed)
        #expect(error?.message.contains("exit code 3") == true)
        #expect(error?.message.contains("line 7\n  key [key]") == true)
        #expect(error?.message.contains("line 3\n") == false)
    }

    @Test("a program that a signal killed is told with the signal")
    func signalled() async throws {
        let error = await ask(shell("kill -9 $$"), environment).error
        #expect(error?.kind == .commandFailed)
        #expect(error?.message.contains("signal 9") == true)
    }

    @Test("a program that is not there is told as such")
    func missing() async throws {
        for command in ["no-such-program-here", "/no/such/program"] {
            let error = await ask(ModelOptions(command: [command]), environment).error
            #expect(error?.kind == .commandFailed)
            #expect(error?.message.contains("cannot be started") == true)
        }
    }

    @Test("no output is an empty reply")
    func silent() async throws {
        #expect(await ask(shell("cat > /dev/null; echo"), environment).kind == .emptyReply)
    }

    @Test("a long prompt to a program that reads none of it, and a long reply, do no harm")
    func large() async throws {
        let long = [Message(role: .user, content: String(repeating: "x", count: 4_000_000))]
        let unread = try await ask(ModelOptions(command: ["echo", "done"]), environment, long).get()
        #expect(unread.text == "done\n")
        let both = try await ask(shell("head -c 5000000 /dev/zero | tr '\\0' e >&2; cat"), environment, long).get()
        #expect(both.text.utf8.count > 4_000_000)
    }

    @Test("a program that writes without end is stopped")
    func endless() async throws {
        let error = await ask(ModelOptions(command: ["yes"]), environment).error
        #expect(error?.kind == .replyTooLarge)
        #expect(error?.message.contains("32 MB") == true)
    }

    @Test("an empty command is refused")
    func empty() async throws {
        #expect(await ask(ModelOptions(provider: .command), environment).kind == .badOptions)
        #expect(await ask(ModelOptions(command: [""]), environment).kind == .badOptions)
    }

    @Test("the reply is told while the program writes it")
    func streaming() async throws {
        let pipe = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try #require(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        // Goes on once the first half was told.
        let script = "printf 'first '; read line < \(pipe); printf second"
        let model = try makeLanguageModel(
            ModelOptions(command: ["/bin/sh", "-c", script]), environment: ["PATH": "/usr/bin:/bin"])
        let reply = try await model.reply(to: ModelRequest(messages: prompt)) { event in
            guard event == .text("first ") else { return }
            try? await offPool {
                try FileHandle(forWritingTo: URL(fileURLWithPath: pipe)).write(contentsOf: Data("go\n".utf8))
            }
        }
        #expect(reply.text == "first second")
    }
}
