import Testing

@testable import Measurement

@Suite("The reason a CUDA source does not compile")
struct CUDADiagnosisTests {
    @Test(
        "the first error is told relative to the source's folder",
        arguments: [
            (
                """
                /home/me/k/a.cu(2): warning #1105-D: #warning directive: no error here
                  #warning no error here
                   ^

                /home/me/k/a.cu(3): error: identifier "foo" is undefined
                  int x = foo;
                          ^

                1 error detected in the compilation of "/home/me/k/a.cu".
                """, #"a.cu(3): error: identifier "foo" is undefined"#
            ),
            (
                """
                /home/me/k/inc/b.h(1): catastrophic error: cannot open source file "nope.h"
                """, #"inc/b.h(1): catastrophic error: cannot open source file "nope.h""#
            ),
            (
                "/home/me/k/a.cu(7): error #35: #error directive: the tile must be even\n",
                "a.cu(7): error #35: #error directive: the tile must be even"
            ),
            (
                """
                ptxas error   : Entry function '_Z1kPf' uses too much shared data (0x13880 bytes, 0xc000 max)
                """, "ptxas error: Entry function '_Z1kPf' uses too much shared data (80000 bytes, 49152 max)"
            ),
            (
                """
                ptxas fatal   : Ptx assembly aborted due to errors
                ptxas application ptx input, line 26; error   : Not a name of any known instruction: 'bogus'
                """, "ptxas application ptx input, line 26; error: Not a name of any known instruction: 'bogus'"
            ),
            (
                "nvcc fatal   : Unsupported gpu architecture 'sm_999'",
                "nvcc fatal   : Unsupported gpu architecture 'sm_999'"
            ),
            (
                """
                __nv_name_map(2): error: identifier "matmull" is undefined
                  #pragma nv_mangled_name matmull<1>
                                          ^
                """, #"the source has no matmull<1>: identifier "matmull" is undefined"#
            ),
        ])
    func reasons(log: String, reason: String) {
        #expect(CUDADiagnosis(log, source: "/home/me/k/a.cu").firstError == reason)
    }

    @Test("a log without errors gives no reason")
    func noError() {
        let log = "ptxas info    : 0 bytes gmem\nRemark: The warnings can be suppressed\n"
        #expect(CUDADiagnosis(log, source: "/a.cu").firstError == nil)
    }
}
