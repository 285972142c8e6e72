import Testing

@testable import Measurement

@Suite("What ptxas says of a kernel")
struct PtxasLogTests {
    @Test("registers, spills, stack and shared memory are read for each kernel")
    func kernels() {
        let log = PtxasLog(
            """
            ptxas info    : 16 bytes gmem, 400 bytes cmem[3]
            ptxas info    : Compiling entry function '_Z1kIfLi4EEvPT_' for 'sm_90a'
            ptxas info    : Function properties for _Z1kIfLi4EEvPT_
            ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
            ptxas info    : Used 10 registers, used 1 barriers, 1024 bytes smem, 360 bytes cmem[0]
            ptxas info    : Compile time = 14.102 ms
            ptxas info    : Compiling entry function 'big' for 'sm_90a'
            ptxas info    : Function properties for big
                800 bytes stack frame, 24 bytes spill stores, 40 bytes spill loads
            ptxas info    : Function properties for helper
            ptxas         .     8 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
            """)
        #expect(
            log.kernels == [
                "_Z1kIfLi4EEvPT_": CompiledResources(
                    registersPerThread: 10, spillStores: 0, spillLoads: 0, stackBytes: 0, sharedBytes: 1024)
            ])
    }

    @Test("older versions put the properties on a line of their own")
    func plainProperties() {
        let log = PtxasLog(
            """
            ptxas info    : Compiling entry function 'big' for 'sm_80'
            ptxas info    : Function properties for big
                800 bytes stack frame, 24 bytes spill stores, 40 bytes spill loads
            ptxas info    : Used 255 registers, 352 bytes cmem[0]
            """)
        let big = log.kernels["big"]
        #expect(big?.registersPerThread == 255)
        #expect(big?.spillBytes == 40)
        #expect(big?.sharedBytes == 0)
    }
}
