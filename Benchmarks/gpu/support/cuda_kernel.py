"""A CUBIN loaded and launched through the CUDA driver, in the context that PyTorch has made current."""

import ctypes

ctypes_of_types = {
    "int32": ctypes.c_int32, "int64": ctypes.c_int64, "float32": ctypes.c_float, "float64": ctypes.c_double
}
max_dynamic_shared_bytes = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES


class CUDAKernel:
    """One kernel with its launch and arguments; calling it launches it on the default stream."""

    def __init__(self, artifact, function, arguments):
        """`arguments` are tensors on the GPU, or pairs of a type's name and a number."""
        self.driver = ctypes.CDLL("libcuda.so.1")
        self.driver.cuLaunchKernel.argtypes = [ctypes.c_void_p] + 7 * [ctypes.c_uint] + 3 * [ctypes.c_void_p]
        self.module, self.function = ctypes.c_void_p(), ctypes.c_void_p()
        self.check(self.driver.cuModuleLoadData(ctypes.byref(self.module), artifact.image))
        symbol = artifact.symbols[function].encode()
        self.check(self.driver.cuModuleGetFunction(ctypes.byref(self.function), self.module, symbol))
        grid, block = ((extents + [1, 1])[:3] for extents in (artifact.launch["grid"], artifact.launch["block"]))
        shared = artifact.launch["sharedMemoryBytes"]
        self.check(self.driver.cuFuncSetAttribute(self.function, max_dynamic_shared_bytes, shared))
        self.geometry = [*grid, *block, shared]
        # What the pointers point to has to stay.
        self.tensors = arguments
        self.values = [
            ctypes_of_types[argument[0]](argument[1]) if isinstance(argument, tuple)
            else ctypes.c_void_p(argument.data_ptr())
            for argument in arguments
        ]
        pointers = [ctypes.cast(ctypes.byref(value), ctypes.c_void_p) for value in self.values]
        self.parameters = (ctypes.c_void_p * len(pointers))(*pointers)

    def __call__(self):
        self.check(self.driver.cuLaunchKernel(self.function, *self.geometry, None, self.parameters, None))

    def check(self, code):
        if code != 0:
            text = ctypes.c_char_p()
            self.driver.cuGetErrorName(code, ctypes.byref(text))
            raise RuntimeError(f"the CUDA driver says {(text.value or b'').decode() or code}")
