import Foundation

/// A device of two multiprocessors that this machine's processor plays: a driver (libcuda.so.1) whose kernels are C++
/// functions called for each thread in turn, and a compiler with nvcc's face that makes them of CUDA C++.
///
/// All of the worker runs on it as on a device, its own routines too; only barriers, shuffles and NVRTC are missing.
struct EmulatedDevice {
    let folder: TemporaryFolder

    /// - Parameter generation: the major number of its compute capability.
    init(generation: Int = 9) throws {
        folder = try TemporaryFolder()
        _ = try folder.write(Self.shim, to: "shim.h")
        let source = try folder.write(Self.driver, to: "libcuda.cpp")
        let compiler = try folder.write(Self.compiler, to: "nvcc")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: compiler)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "c++", "-std=c++17", "-w", "-shared", "-fPIC", "-O1", "-DGENERATION=\(generation)", "-o",
            "\(folder.path)/libcuda.so.1", source, "-ldl",
        ]
        try process.run()
        process.waitUntilExit()
    }

    var compilerPath: String { "\(folder.path)/nvcc" }

    /// What has a worker find the device.
    var launcher: [String] { launcher(devices: 1) }

    /// - Parameter devices: how many of its kind the machine has.
    func launcher(devices: Int) -> [String] {
        [
            "env", "LD_LIBRARY_PATH=\(folder.path)", "XDG_CACHE_HOME=\(folder.path)/cache",
            "EMULATED_DEVICES=\(devices)",
        ]
    }

    /// Stands before every source: CUDA's words in C++.
    private static let shim = #"""
        #include <math.h>
        #include <setjmp.h>
        #include <string.h>
        #include <utility>
        struct emulated_extent { unsigned x, y, z; };
        static emulated_extent gridDim, blockDim, blockIdx, threadIdx;
        static jmp_buf emulated_out;
        #define __global__ __attribute__((visibility("default")))
        #define __device__
        #define __constant__ __attribute__((visibility("default")))
        #define __launch_bounds__(...)
        static inline void emulated_fail(int code) { longjmp(emulated_out, code); }
        static inline void __trap() { emulated_fail(719); }
        template <class To, class From> static To emulated_bits(From from) { To to; memcpy(&to, &from, sizeof to); return to; }
        static inline double __longlong_as_double(long long x) { return emulated_bits<double>(x); }
        static inline long long __double_as_longlong(double x) { return emulated_bits<long long>(x); }
        static inline float __uint_as_float(unsigned x) { return emulated_bits<float>(x); }
        static inline unsigned __float_as_uint(float x) { return emulated_bits<unsigned>(x); }
        static inline float __double2float_rn(double x) { return (float)x; }
        static inline long long __double2ll_rn(double x) {
            return x >= 0x1p63 ? 0x7FFFFFFFFFFFFFFF : x < -0x1p63 ? -0x7FFFFFFFFFFFFFFF - 1 : (long long)x;
        }
        static inline unsigned long long __double2ull_rn(double x) { return x >= 0x1p64 ? ~0ull : (unsigned long long)x; }
        static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
            return (unsigned __int128)a * b >> 64;
        }
        template <class T> static T atomicAdd(T *place, T value) { T old = *place; *place += value; return old; }
        template <class T> static T atomicMin(T *place, T value) { T old = *place; if (value < old) *place = value; return old; }

        template <class... A, size_t... I>
        static void emulated_call(void (*kernel)(A...), void **values, std::index_sequence<I...>) {
            kernel(*(std::remove_reference_t<A> *)values[I]...);
        }
        template <class... A> static int emulated_run(void (*kernel)(A...), const unsigned *extents, void **values) {
            if (int code = setjmp(emulated_out)) return code;
            gridDim = {extents[0], extents[1], extents[2]};
            blockDim = {extents[3], extents[4], extents[5]};
            for (unsigned z = 0; z < gridDim.z; z++) for (unsigned y = 0; y < gridDim.y; y++)
            for (unsigned x = 0; x < gridDim.x; x++) {
                blockIdx = {x, y, z};
                for (unsigned c = 0; c < blockDim.z; c++) for (unsigned b = 0; b < blockDim.y; b++)
                for (unsigned a = 0; a < blockDim.x; a++) {
                    threadIdx = {a, b, c};
                    emulated_call(kernel, values, std::index_sequence_for<A...>());
                }
            }
            return 0;
        }
        """#

    /// Options that a C++ compiler does not know are dropped; every kernel of the source gets an entry point.
    private static let compiler = #"""
        #!/bin/sh
        here=$(dirname "$0")
        if [ "$1" = --version ]; then echo "emulated nvcc: release 1.0, V1.0.0"; exit; fi
        options=
        while [ $# -gt 0 ]; do
            case "$1" in
            -o) output=$2; shift ;;
            -Xptxas) shift ;;
            -D*|-I*) options="$options $1" ;;
            *.cu) source=$1 ;;
            esac
            shift
        done
        names=$(sed -n 's/.*__global__ void \([A-Za-z_0-9]*\)(.*/\1/p' "$source")
        entries="$output.cpp"
        echo "#include \"$here/shim.h\"" >"$entries"
        echo "#include \"$source\"" >>"$entries"
        for name in $names; do
            echo "extern \"C\" int entry_$name(const unsigned *e, void **v) { return emulated_run($name, e, v); }" >>"$entries"
        done
        c++ -std=c++17 -w -O1 -ffp-contract=off -fPIC -shared $options -o "$output" "$entries" 2>"$output.log"
        status=$?
        sed 's/^\(.*\):\([0-9]*\):[0-9]*: error:/\1(\2): error:/' "$output.log"
        for name in $names; do
            echo "ptxas info    : Compiling entry function '$name' for 'sm_90a'"
            echo "ptxas info    : Function properties for $name"
            echo "    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads"
            echo "ptxas info    : Used 32 registers, used 0 barriers"
        done
        rm -f "$entries" "$output.log"
        exit $status
        """#

    private static let driver = #"""
        #include <stddef.h>
        typedef int CUresult, CUdevice, CUdevice_attribute, CUfunction_attribute;
        typedef unsigned long long CUdeviceptr;
        typedef struct context *CUcontext; typedef struct module *CUmodule; typedef struct function *CUfunction;
        typedef struct stream *CUstream; typedef struct event *CUevent;
        typedef struct { char bytes[16]; } CUuuid;
        typedef struct {
            int id; char pad[4];
            union { char pad[64]; struct { unsigned x, y, z; } clusterDim; int cooperative; } value;
        } CUlaunchAttribute;
        typedef struct {
            unsigned gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes;
            CUstream hStream; CUlaunchAttribute *attrs; unsigned numAttrs;
        } CUlaunchConfig;
        #include <dlfcn.h>
        #include <link.h>
        #include <stdio.h>
        #include <time.h>
        #include <unistd.h>
        #include <stdlib.h>
        #include <string.h>
        extern "C" {

        enum { limit = 64 << 20 };
        static size_t used;
        static int broken, modules, dynamic_shared, non_portable;
        /* As the driver has it: a context is current on a thread, not in the process. */
        static __thread CUcontext current;
        #define NEEDS_CONTEXT if (!current) return 201

        CUresult cuGetErrorName(CUresult e, const char **s) {
            *s = e == 1 ? "CUDA_ERROR_INVALID_VALUE" : e == 2 ? "CUDA_ERROR_OUT_OF_MEMORY"
                : e == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : e == 500 ? "CUDA_ERROR_NOT_FOUND" : NULL;
            return *s ? 0 : 1;
        }
        CUresult cuGetErrorString(CUresult e, const char **s) {
            *s = e == 700 ? "an illegal memory access was encountered" : e == 2 ? "out of memory" : "some text";
            return e == 12345 ? (*s = NULL, 1) : 0;
        }
        CUresult cuInit(unsigned f) { return f ? 1 : 0; }
        CUresult cuDriverGetVersion(int *v) { *v = 12040; return 0; }
        CUresult cuDeviceGetCount(int *n) {
            const char *count = getenv("EMULATED_DEVICES");
            *n = count ? atoi(count) : 1;
            return 0;
        }
        CUresult cuDeviceGet(CUdevice *d, int i) { *d = 7 + i; return 0; }
        CUresult cuDeviceGetName(char *s, int n, CUdevice d) { snprintf(s, n, "Emulated"); return 0; }
        CUresult cuDeviceGetUuid(CUuuid *u, CUdevice d) { for (int i = 0; i < 16; i++) u->bytes[i] = (d + 10) * i; return 0; }
        CUresult cuDeviceTotalMem_v2(size_t *n, CUdevice d) { *n = limit; return 0; }
        CUresult cuDeviceGetPCIBusId(char *s, int n, CUdevice d) { snprintf(s, n, "0000:01:00.0"); return 0; }
        CUresult cuDeviceGetAttribute(int *v, CUdevice_attribute a, CUdevice d) {
            switch ((int)a) {
            case 1: *v = 1024; break; case 2: case 3: *v = 1024; break; case 4: *v = 64; break;
            case 5: *v = 2147483647; break; case 6: case 7: *v = 65535; break;
            case 8: *v = 49152; break; case 10: *v = 32; break; case 12: case 82: *v = 65536; break;
            case 13: *v = 1980000; break; case 16: *v = 2; break; case 32: *v = 1; break;
            case 36: *v = 3201000; break; case 37: *v = 6144; break; case 38: *v = 65536; break;
            case 39: *v = 2048; break; case 75: *v = GENERATION; break; case 76: *v = 0; break; case 81: *v = 233472; break;
            case 95: case 120: *v = 1; break; case 97: *v = 232448; break; case 106: *v = 32; break;
            case 111: *v = 1024; break; default: return 1;
            }
            return 0;
        }
        CUresult cuDevicePrimaryCtxRetain(CUcontext *c, CUdevice d) { *c = (CUcontext)0x1234; return d >= 7 ? 0 : 101; }
        CUresult cuDevicePrimaryCtxRelease_v2(CUdevice d) { return 0; }
        CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice d, unsigned f) { return 0; }
        CUresult cuCtxSetCurrent(CUcontext c) { current = c; return c == (CUcontext)0x1234 ? 0 : 1; }
        CUresult cuCtxSynchronize(void) { NEEDS_CONTEXT; return broken; }
        CUresult cuMemGetInfo_v2(size_t *f, size_t *t) { *f = limit - used; *t = limit; return 0; }
        CUresult cuMemAlloc_v2(CUdeviceptr *p, size_t n) {
            NEEDS_CONTEXT;
            if (broken) return broken;
            if (n > limit - used) return 2;
            size_t *block = (size_t *)aligned_alloc(512, (n + 1023) / 512 * 512);
            block[0] = n; used += n;
            *p = (CUdeviceptr)block + 512;
            return 0;
        }
        CUresult cuMemFree_v2(CUdeviceptr p) { size_t *b = (size_t *)(p - 512); used -= b[0]; free(b); return 0; }
        CUresult cuMemcpyHtoD_v2(CUdeviceptr d, const void *s, size_t n) {
            NEEDS_CONTEXT; memcpy((void *)d, s, n); return broken;
        }
        CUresult cuMemcpyDtoH_v2(void *d, CUdeviceptr s, size_t n) {
            NEEDS_CONTEXT; memcpy(d, (void *)s, n); return broken;
        }
        CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr d, CUdeviceptr s, size_t n, CUstream t) {
            memcpy((void *)d, (void *)s, n); return broken;
        }
        CUresult cuMemsetD8Async(CUdeviceptr d, unsigned char v, size_t n, CUstream s) { memset((void *)d, v, n); return broken; }
        CUresult cuMemsetD16Async(CUdeviceptr d, unsigned short v, size_t n, CUstream s) {
            while (n--) ((unsigned short *)d)[n] = v; return broken;
        }
        CUresult cuMemsetD32Async(CUdeviceptr d, unsigned v, size_t n, CUstream s) {
            while (n--) ((unsigned *)d)[n] = v; return broken;
        }
        CUresult cuModuleLoadData(CUmodule *m, const void *image) {
            /* The driver reads the image's own size; so does this: an ELF file ends with its section headers. */
            const ElfW(Ehdr) *elf = (const ElfW(Ehdr) *)image;
            NEEDS_CONTEXT;
            size_t size = elf->e_shoff + (size_t)elf->e_shentsize * elf->e_shnum;
            char path[4096];
            const char *folder = getenv("TMPDIR");
            snprintf(path, sizeof path, "%s/emulated-%d-%d.so", folder ? folder : P_tmpdir, getpid(), ++modules);
            FILE *file = fopen(path, "w");
            fwrite(image, 1, size, file);
            fclose(file);
            *m = (CUmodule)dlopen(path, RTLD_NOW | RTLD_LOCAL);
            remove(path);
            return *m ? 0 : 200;
        }
        CUresult cuModuleUnload(CUmodule m) { return 0; }
        CUresult cuModuleGetFunction(CUfunction *f, CUmodule m, const char *name) {
            char entry[256];
            snprintf(entry, sizeof entry, "entry_%s", strncmp(name, "_Z", 2) ? name : name + strspn(name, "_Z0123456789"));
            *f = (CUfunction)dlsym(m, entry);
            return *f ? 0 : 500;
        }
        CUresult cuModuleGetGlobal_v2(CUdeviceptr *p, size_t *n, CUmodule m, const char *name) {
            Dl_info info; ElfW(Sym) *symbol;
            void *address = dlsym(m, name);
            if (!address || !dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT)) return 500;
            *p = (CUdeviceptr)address; *n = symbol->st_size;
            return 0;
        }
        CUresult cuFuncGetAttribute(int *v, CUfunction_attribute a, CUfunction f) {
            *v = a == 0 ? 1024 : a == 4 ? 32 : 0;
            return a > 9 ? 1 : 0;
        }
        CUresult cuFuncSetAttribute(CUfunction f, CUfunction_attribute a, int v) {
            if (a == 8) dynamic_shared = v; if (a == 14) non_portable = v;
            return 0;
        }
        CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *n, CUfunction f, int threads, size_t shared) {
            *n = threads * 128 > 65536 ? 0 : 65536 / (threads * 128); return 0;
        }
        CUresult cuOccupancyMaxPotentialClusterSize(int *n, CUfunction f, const CUlaunchConfig *c) { *n = 16; return 0; }
        CUresult cuOccupancyMaxActiveClusters(int *n, CUfunction f, const CUlaunchConfig *c) { *n = 1; return 0; }
        CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                unsigned shared, CUstream s, void **a, void **e) { return 801; }
        CUresult cuLaunchKernelEx(const CUlaunchConfig *c, CUfunction f, void **a, void **e) {
            NEEDS_CONTEXT;
            if (broken) return broken;
            const unsigned extents[] = {
                c->gridDimX, c->gridDimY, c->gridDimZ, c->blockDimX, c->blockDimY, c->blockDimZ };
            broken = ((int (*)(const unsigned *, void **))f)(extents, a);
            return 0;
        }
        CUresult cuStreamCreate(CUstream *s, unsigned f) { *s = (CUstream)0x55; return 0; }
        CUresult cuStreamDestroy_v2(CUstream s) { return 0; }
        CUresult cuStreamSynchronize(CUstream s) { return broken; }
        CUresult cuEventCreate(CUevent *e, unsigned f) { *e = (CUevent)calloc(1, sizeof(double)); return 0; }
        CUresult cuEventDestroy_v2(CUevent e) { free(e); return 0; }
        CUresult cuEventRecord(CUevent e, CUstream s) {
            struct timespec now;
            clock_gettime(CLOCK_MONOTONIC, &now);
            *(double *)e = now.tv_sec * 1e3 + now.tv_nsec * 1e-6;
            return broken;
        }
        CUresult cuEventSynchronize(CUevent e) { return broken; }
        CUresult cuEventQuery(CUevent e) { return *(double *)e > 0 ? 0 : 600; }
        CUresult cuEventElapsedTime(float *ms, CUevent a, CUevent b) { *ms = *(double *)b - *(double *)a; return 0; }
        }
        """#
}
