import Foundation

/// Stands for an interpreter with Helion and a GPU: a program that answers as the worker in Python would.
///
/// Its kernel has num_warps 1 to 16 and a block of 16 to 128. It refuses block 128 beside num_warps 1, and is fastest with
/// block 64 and 4 warps.
enum PythonStub {
    static func write(to folder: Folder) throws -> String {
        try folder.write(
            """
            #!/usr/bin/env python3
            import json, os, sys

            space = {"config_space": [
                {"name": "num_warps", "type": "power_of_2", "min": 1, "max": 16, "default": 4},
                {"name": "block_sizes", "type": "list", "length": 1,
                 "of": {"type": "power_of_2", "min": 16, "max": 128}, "default": [16]}],
                "constraints": ["num_warps * 8 <= block_sizes[0] * n"]}
            seeds = [{"num_warps": 8, "block_sizes": [32]}, {"num_warps": 3, "block_sizes": [32]}]

            def open_(params):
                opened = {"device": {"name": "Stub GPU", "facts": [{"name": "Memory", "value": "1 GiB"}]}, "architecture": "sm_1"}
                os.makedirs(params["artifactFolder"], exist_ok=True)
                if params["role"] == "compile":
                    return {**opened, "limitsArePending": True, "space": space, "seeds": seeds}
                return {**opened, "referenceSeconds": 0.001}

            def compile_(params):
                config = params["config"]
                if config["num_warps"] == 1 and config["block_sizes"] == [128]:
                    return {"outcome": "rejected", "reason": "Helion: 128 elements are too many for 1 warp", "seconds": 0.01}
                path = os.path.join(folder, params["artifactName"])
                with open(path, "w") as file: json.dump(config, file)
                return {"artifact": path, "resources": {"registersPerThread": 32}, "seconds": 0.01}

            def milliseconds(artifact):
                config = json.load(open(artifact))
                return 1 + abs(config["block_sizes"][0] - 64) / 64 + abs(config["num_warps"] - 4) / 8

            def evaluate(params):
                return {"outcome": "measured", "samplesMs": [milliseconds(params["artifact"])] * params["samples"],
                        "runsPerSample": 1, "verifySeconds": 0.0, "samplingSeconds": 0.05, "isSpoiled": False}

            def retime(params):
                return {"samplesMs": [[milliseconds(each)] * params["rounds"] for each in params["artifacts"]]}

            methods = {"open": open_, "compile": compile_, "evaluate": evaluate, "retime": retime, "close": lambda _: {}}
            for line in sys.stdin:
                request = json.loads(line)
                params = request["params"]
                if request["method"] == "open": folder = params["artifactFolder"]
                print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": methods[request["method"]](params)}), flush=True)
            """, to: "python")
        let path = folder.path + "/python"
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    static func writeKernel(to folder: Folder) throws {
        try folder.write("# nothing that the stub reads\n", to: "kernel.py")
        try folder.write(
            """
            {
              "name": "stub",
              "kernel": { "language": "helion", "source": "kernel.py", "function": "kernel" },
              "arguments": [
                { "name": "x", "dtype": "float32", "shape": [16] }, { "name": "n", "dtype": "int32", "value": 16 }
              ]
            }
            """, to: "kernel.json")
    }
}
