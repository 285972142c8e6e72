import Foundation
import Measurement

guard CommandLine.arguments.dropFirst() == ["worker"] else {
    print("autotune")
    exit(0)
}
exit(await WorkerMain.run())
