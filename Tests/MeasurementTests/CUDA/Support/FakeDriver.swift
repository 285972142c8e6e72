import Foundation

@testable import Measurement

/// A stand-in for libcuda that the C compiler makes: one device in the processor's memory, whose "kernels" do what their
/// names say. It sees what is asked of a driver with the structures that C compilers lay out.
struct FakeDriver {
    let folder: TemporaryFolder
    let library: DriverLibrary

    init() throws {
        folder = try TemporaryFolder()
        let source = try folder.write(Self.source, to: "libcuda.c")
        let path = "\(folder.path)/libcuda.so.1"
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", path, source]
        try compiler.run()
        compiler.waitUntilExit()
        library = try DriverLibrary(SharedLibrary(path))
        try library.initialize()
    }

    func context() throws -> CUDAContext {
        try CUDAContext(library, device: CUDADevice(library, index: 0))
    }

    private static let source = #"""
        #ifdef USE_CUDA_H
        #include <cuda.h>
        #undef cuDeviceGetUuid
        #undef cuEventElapsedTime
        #else
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
        #endif
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>

        enum { limit = 1 << 30 };
        static size_t used;
        static int broken, dynamic_shared = 0, non_portable = 0;
        static char symbol[64] = "constant";
        /* Grid, block, shared memory, cluster, cooperative, opted-in shared memory, non-portable clusters. */
        static int last[12];

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
        CUresult cuDeviceGetCount(int *n) { *n = 1; return 0; }
        CUresult cuDeviceGet(CUdevice *d, int i) { *d = 7; return i ? 101 : 0; }
        CUresult cuDeviceGetName(char *s, int n, CUdevice d) { snprintf(s, n, "Fake %d", d); return 0; }
        CUresult cuDeviceGetUuid(CUuuid *u, CUdevice d) { for (int i = 0; i < 16; i++) u->bytes[i] = 17 * i; return 0; }
        CUresult cuDeviceTotalMem_v2(size_t *n, CUdevice d) { *n = limit; return 0; }
        CUresult cuDeviceGetPCIBusId(char *s, int n, CUdevice d) { snprintf(s, n, "0000:01:00.0"); return 0; }
        CUresult cuDeviceGetAttribute(int *v, CUdevice_attribute a, CUdevice d) {
            switch ((int)a) {
            case 1: *v = 1024; break; case 2: case 3: *v = 1024; break; case 4: *v = 64; break;
            case 5: *v = 2147483647; break; case 6: case 7: *v = 65535; break;
            case 8: *v = 49152; break; case 10: *v = 32; break; case 12: case 82: *v = 65536; break;
            case 13: *v = 1980000; break; case 16: *v = 132; break; case 32: *v = 1; break;
            case 36: *v = 3201000; break; case 37: *v = 6144; break; case 38: *v = 62914560; break;
            case 39: *v = 2048; break; case 75: *v = 9; break; case 76: *v = 0; break; case 81: *v = 233472; break;
            case 95: case 120: *v = 1; break; case 97: *v = 232448; break; case 106: *v = 32; break;
            case 111: *v = 1024; break; default: return 1;
            }
            return 0;
        }
        CUresult cuDevicePrimaryCtxRetain(CUcontext *c, CUdevice d) { *c = (CUcontext)0x1234; return d == 7 ? 0 : 101; }
        CUresult cuDevicePrimaryCtxRelease_v2(CUdevice d) { return 0; }
        CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice d, unsigned f) { return 0; }
        CUresult cuCtxSetCurrent(CUcontext c) { return c == (CUcontext)0x1234 ? 0 : 1; }
        CUresult cuCtxSynchronize(void) { return broken; }
        CUresult cuMemGetInfo_v2(size_t *f, size_t *t) { *f = limit - used; *t = limit; return 0; }
        CUresult cuMemAlloc_v2(CUdeviceptr *p, size_t n) {
            if (broken) return broken;
            if (n > limit - used) return 2;
            size_t *block = aligned_alloc(512, (n + 1023) / 512 * 512);
            block[0] = n; used += n;
            *p = (CUdeviceptr)block + 512;
            return 0;
        }
        CUresult cuMemFree_v2(CUdeviceptr p) { size_t *b = (size_t *)(p - 512); used -= b[0]; free(b); return 0; }
        CUresult cuMemcpyHtoD_v2(CUdeviceptr d, const void *s, size_t n) { memcpy((void *)d, s, n); return broken; }
        CUresult cuMemcpyDtoH_v2(void *d, CUdeviceptr s, size_t n) { memcpy(d, (void *)s, n); return broken; }
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
        CUresult cuModuleLoadData(CUmodule *m, const void *image) { *m = (CUmodule)image; return memcmp(image, "FAKE", 4) ? 200 : 0; }
        CUresult cuModuleUnload(CUmodule m) { return 0; }
        CUresult cuModuleGetFunction(CUfunction *f, CUmodule m, const char *name) {
            *f = (CUfunction)(size_t)(!strcmp(name, "store") ? 1 : !strcmp(name, "outside") ? 2 : !strcmp(name, "illegal") ? 3 : 0);
            return *f ? 0 : 500;
        }
        CUresult cuModuleGetGlobal_v2(CUdeviceptr *p, size_t *n, CUmodule m, const char *name) {
            if (!strcmp(name, "last")) { *p = (CUdeviceptr)last; *n = sizeof last; return 0; }
            if (!strcmp(name, "symbol")) { *p = (CUdeviceptr)symbol; *n = sizeof symbol; return 0; }
            return 500;
        }
        CUresult cuFuncGetAttribute(int *v, CUfunction_attribute a, CUfunction f) {
            *v = a == 0 ? 512 : a == 1 ? 1000 : a == 3 ? 24 : a == 4 ? 128 : 0;
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
            if (broken) return broken;
            int seen[] = { c->gridDimX, c->gridDimY, c->gridDimZ, c->blockDimX, c->blockDimY, c->blockDimZ,
                c->sharedMemBytes, 0, 0, 0, dynamic_shared, non_portable };
            for (unsigned i = 0; i < c->numAttrs; i++) {
                if ((int)c->attrs[i].id == 4)
                    seen[7] = c->attrs[i].value.clusterDim.x * 100 + c->attrs[i].value.clusterDim.y * 10
                        + c->attrs[i].value.clusterDim.z;
                if ((int)c->attrs[i].id == 2) seen[8] = c->attrs[i].value.cooperative;
            }
            seen[9] = (int)(size_t)c->hStream;
            memcpy(last, seen, sizeof last);
            if (f == (CUfunction)1 || f == (CUfunction)2) {
                int *out = *(int **)a[0]; int value = *(int *)a[1], count = *(int *)a[2];
                for (int i = 0; i < count; i++) out[i] = value + i;
            }
            if (f == (CUfunction)3) broken = 700;
            return 0;
        }
        CUresult cuStreamCreate(CUstream *s, unsigned f) { *s = (CUstream)0x55; return 0; }
        CUresult cuStreamDestroy_v2(CUstream s) { return 0; }
        CUresult cuStreamSynchronize(CUstream s) { return broken; }
        CUresult cuEventCreate(CUevent *e, unsigned f) { *e = (CUevent)calloc(1, sizeof(float)); return 0; }
        CUresult cuEventDestroy_v2(CUevent e) { free(e); return 0; }
        CUresult cuEventRecord(CUevent e, CUstream s) { static float now; *(float *)e = now += 1.5f; return broken; }
        CUresult cuEventSynchronize(CUevent e) { return broken; }
        CUresult cuEventQuery(CUevent e) { return *(float *)e > 0 ? 0 : 600; }
        CUresult cuEventElapsedTime(float *ms, CUevent a, CUevent b) { *ms = *(float *)b - *(float *)a; return 0; }
        """#
}
