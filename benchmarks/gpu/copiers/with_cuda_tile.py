"""CUDA C++ by hand: a padded tile in shared memory, compiled by NVRTC through CuPy; and a loop of 16-byte words."""

from .planes import planes_of
from .with_cupy import CuPyCopier, open_cupy

# T is the element, W a word of K elements. A block of 32 x 8 threads moves a tile of 32 K x 32 K elements: words in along
# the source's rows, words out along the target's.
TILE = r"""
extern "C" __global__ void tile(const T* __restrict__ source, T* __restrict__ target, int fast, int slow, long long pitch,
                                long long batch_stride, int tiles_fast, int tiles_slow) {
    const int SIDE = 32 * K;
    alignas(16) __shared__ T block[SIDE][SIDE + K];
    long long index = blockIdx.x;
    int x0 = (int)(index % tiles_fast) * SIDE;
    int y0 = (int)(index / tiles_fast % tiles_slow) * SIDE;
    long long batch = index / tiles_fast / tiles_slow;
    source += batch * batch_stride;
    target += batch * (long long)fast * slow;
    int x = x0 + threadIdx.x * K;
    for (int k = threadIdx.y; k < SIDE; k += 8)
        if (x < fast && y0 + k < slow)
            *(W*)&block[k][threadIdx.x * K] = *(const W*)&source[(y0 + k) * pitch + x];
    __syncthreads();
    int y = y0 + threadIdx.x * K;
    for (int k = threadIdx.y; k < SIDE; k += 8)
        if (y < slow && x0 + k < fast) {
            union { W word; T items[K]; } out;
            for (int q = 0; q < K; q++)
                out.items[q] = block[threadIdx.x * K + q][k];
            *(W*)&target[(long long)(x0 + k) * slow + y] = out.word;
        }
}
"""

WORDS = r"""
extern "C" __global__ void words(const uint4* __restrict__ source, uint4* __restrict__ target, long long count) {
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step)
        target[i] = source[i];
}
"""

TYPES = {1: "unsigned char", 2: "unsigned short", 4: "unsigned int", 8: "unsigned long long", 16: "uint4"}


class CudaTileCopier(CuPyCopier):
    def __init__(self, cupy, launches, rounds):
        super().__init__(cupy, launches, rounds)
        self.version = f"NVRTC {'.'.join(str(number) for number in cupy.cuda.nvrtc.getVersion())}"
        self.kernels = {}

    def prepare(self, case, source, target):
        if case["case"] == "contiguous":
            return self.words(source, target)
        planes = planes_of(case)
        size = case["itemSize"]
        # Words of four bytes where every row begins on one.
        k = max(1, 4 // size)
        if any(number % k for number in (planes.fast, planes.slow, planes.pitch, planes.batch_stride)):
            k = 1
        side = 32 * k
        tiles_fast, tiles_slow = -(-planes.fast // side), -(-planes.slow // side)
        kernel = self.kernel("tile", TILE, T=TYPES[size], W=TYPES[size * k], K=k)
        int32, int64 = self.xp.int32, self.xp.int64
        numbers = int32(planes.fast), int32(planes.slow), int64(planes.pitch), int64(planes.batch_stride), int32(tiles_fast), int32(tiles_slow)
        grid = (planes.batch * tiles_fast * tiles_slow,)
        return lambda: kernel(grid, (32, 8), (source, target, *numbers))

    def words(self, source, target):
        kernel = self.kernel("words", WORDS)
        count = source.nbytes // 16
        blocks = 16 * self.attribute("MultiProcessorCount", 132)
        return lambda: kernel((blocks,), (256,), (source, target, self.xp.int64(count)))

    def kernel(self, name, code, **macros):
        key = name, *sorted(macros.items())
        if key not in self.kernels:
            definitions = "".join(f"#define {macro} {value}\n" for macro, value in macros.items())
            self.kernels[key] = self.xp.RawKernel(definitions + code, name)
        return self.kernels[key]


def open_copier(launches, rounds):
    return CudaTileCopier(open_cupy(), launches, rounds)
