"""PyTorch."""

from .base import Library, Missing, Taker, require


class Torch(Library):
    name = "torch"
    no_stream_in = {"cuda_array_interface": "PyTorch's interface is version 2, without a stream: its user synchronises before"}

    def __init__(self, driver, torch):
        super().__init__(driver)
        self.torch = torch
        self.device = torch.device("cuda", 0)
        # The C exchange table tells the stream that the producer works on; __dlpack__ does not.
        if not hasattr(torch.Tensor, "__dlpack_c_exchange_api__"):
            self.pending_only_on_legacy = {"dlpack": f"PyTorch {torch.__version__} has no __dlpack_c_exchange_api__, which would name its stream; newer ones have"}
        ignored = "PyTorch ignores the stream of the interface: its user synchronises before"
        self.takers = (
            Taker("torch.as_tensor", lambda tensor: torch.as_tensor(tensor, device=self.device), ignored),
            Taker("torch.from_dlpack", torch.from_dlpack),
        )

    @property
    def version(self):
        return self.torch.__version__

    def full(self, shape, value):
        array = self.torch.full(tuple(shape), value, dtype=self.torch.float32, device=self.device)
        self.driver.synchronize()
        return array

    def pointer(self, array):
        return array.data_ptr()

    def transposed(self, array):
        return array.t()

    def values(self, array):
        self.driver.synchronize()
        return array.cpu().flatten().tolist()

    def stream(self):
        return self.torch.cuda.Stream(self.device)

    def number(self, stream):
        return stream.cuda_stream

    def on(self, stream):
        return self.torch.cuda.stream(stream)

    def delay(self, stream):
        with self.on(stream):
            self.torch.cuda._sleep(400_000_000)  # cycles; PyTorch's own tests wait by it

    def fill(self, array, value, stream):
        with self.on(stream):
            array.fill_(value)

    def copied(self, source, spare, stream):
        with self.on(stream):
            spare.copy_(source)
        return spare

    def pinned(self, shape, value):
        return self.torch.full(tuple(shape), value, dtype=self.torch.float32, pin_memory=True)


def open_library(driver):
    torch = require("torch", "install it with: pip install torch")
    if not torch.cuda.is_available():
        raise Missing(f"PyTorch {torch.__version__} sees no CUDA device; install a build for CUDA with: pip install torch")
    torch.cuda.init()
    return Torch(driver, torch)
