import Foundation

/// A small C kernel whose one parameter decides how it behaves.
enum TestKernel {
    /// Writes `kernel.json` and `kernel.c`; `body` sees the macro MODE, the arrays `x` and `y`, and `n`.
    static func write(modes: [String], body: String, prelude: String = "", to folder: Folder) throws {
        let values = modes.map { "\"\($0)\"" }.joined(separator: ", ")
        try folder.write(
            """
            {
              "name": "modes",
              "kernel": { "language": "c", "source": "kernel.c", "function": "scale" },
              "arguments": [
                { "name": "n", "dtype": "int32", "value": 4096 },
                { "name": "x", "dtype": "float32", "shape": ["n"], "fill": { "kind": "uniform", "low": 0, "high": 1, "seed": 1 } },
                { "name": "y", "dtype": "float32", "shape": ["n"], "role": "output" }
              ],
              "config_space": [ { "name": "MODE", "type": "enum", "values": [\(values)] } ],
              "verification": { "against": { "function": "reference" }, "rtol": 1e-5, "atol": 1e-6 }
            }
            """, to: "kernel.json")
        let names = modes.enumerated().map { "#define \($1) \($0)" }.joined(separator: "\n")
        try folder.write(
            """
            #include <math.h>
            #include <signal.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <unistd.h>
            \(names)
            \(prelude)
            static void right(int n, const float *x, float *y) { for (int i = 0; i < n; i++) y[i] = 2 * x[i]; }
            void reference(int n, const float *x, float *y) { right(n, x, y); }
            void scale(int n, const float *x, float *y) {
            \(body)
            }
            """, to: "kernel.c")
    }

    /// The entry of each evaluation in a session's journal, by the value of MODE.
    static func evaluations(_ folder: Folder, session: String = "run") throws -> [String: [String: Any]] {
        var found: [String: [String: Any]] = [:]
        for line in try folder.read("\(session)/journal.jsonl").split(separator: "\n") {
            guard let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                event["event"] as? String == "evaluation", let evaluation = event["evaluation"] as? [String: Any],
                let mode = (evaluation["config"] as? [String: Any])?["MODE"] as? String
            else { continue }
            found[mode] = evaluation
        }
        return found
    }
}
