"""Several processes: spawn, forkserver, pools, Dask and MPI work; fork after the start is refused and never hangs."""

import concurrent.futures
import importlib.util
import multiprocessing
import os
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("numpy")

from conftest import PACKAGES
from process_workers import scale

HERE = os.path.dirname(os.path.abspath(__file__))
PATHS = f"import sys; sys.path[:0] = [{PACKAGES!r}, {HERE!r}]\n"
PATIENCE = 300  # seconds until a hang is called one


def run(code, *, command=(sys.executable,), tmp_path=None):
    """Runs code in a process of its own; answers standard output. Fails on an error or a hang."""
    arguments = ["-c", PATHS + code]
    if tmp_path is not None:
        script = tmp_path / "script.py"
        script.write_text(PATHS + code)
        arguments = [str(script)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([PACKAGES, HERE])}
    result = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_multiprocessing(method):
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        results = pool.map_async(scale, [[0, 1], [2, 3], [4, 5], [6, 7]], chunksize=1).get(PATIENCE)
    assert [values for _, values in results] == [[1, 3], [5, 7], [9, 11], [13, 15]]
    assert os.getpid() not in {process for process, _ in results}


def test_process_pool_executor():
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        results = list(pool.map(scale, [[1], [2], [3]], timeout=PATIENCE))
    assert [values for _, values in results] == [[3], [5], [7]]


def test_tensors_are_sent_as_arrays():
    """The message that refuses pickling names the way; the way works."""
    context = multiprocessing.get_context("spawn")
    import numpy as np

    import tensorbridge as tb

    with context.Pool(1) as pool:
        with pytest.raises(TypeError, match="cannot be pickled"):
            pool.apply_async(scale, (tb.zeros(2),)).get(PATIENCE)
        assert pool.apply_async(scale, (np.asarray(tb.zeros(2)),)).get(PATIENCE)[1] == [1, 1]


def test_fork_after_the_start_is_refused():
    output = run(
        """
import multiprocessing
import tensorbridge as tb
from process_workers import use_after_fork
tensor = tb.zeros(3)
context = multiprocessing.get_context('fork')
for _ in range(3):
    queue = context.SimpleQueue()
    child = context.Process(target=use_after_fork, args=(queue,))
    child.start()
    print(queue.get())
    child.join()
    print(child.exitcode)
print(tensor.tolist(), tb.full(2, 1.5).tolist())
"""
    )
    lines = output.splitlines()
    for message in lines[0:6:2]:
        assert "forked child" in message and "spawn" in message and "forkserver" in message
    assert lines[1:6:2] == ["0"] * 3 and lines[6] == "[0.0, 0.0, 0.0] [1.5, 1.5]"


def test_fork_before_the_start_works_on_both_sides():
    output = run(
        """
import multiprocessing
import tensorbridge as tb
from process_workers import scale
assert not tb._core.is_started()
with multiprocessing.get_context('fork').Pool(2) as pool:
    print([values for _, values in pool.map(scale, [[1], [2]])])
print(scale([3])[1])
"""
    )
    assert output == "[[3.0], [5.0]]\n[7.0]\n"


def test_a_bare_fork_that_only_exits_leaves_the_parent_alone():
    output = run(
        """
import os
import tensorbridge as tb
tensors = [tb.asarray(bytearray(10)) for _ in range(100)] + [tb.zeros(10) for _ in range(100)]
for _ in range(5):
    child = os.fork()
    if child == 0:
        del tensors
        sys.exit(0)
    print(os.waitpid(child, 0)[1])
del tensors
print(tb.zeros(2).tolist(), tb._core.statistics()['queued'])
"""
    )
    assert output == "0\n" * 5 + "[0.0, 0.0] 0\n"


def needs(package, module):
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"needs {module}: apt-get install {package}")


def test_dask_on_a_cluster_of_processes(tmp_path):
    needs("python3-dask", "dask")
    needs("python3-distributed", "distributed")
    output = run(
        """
import numpy as np

def main():
    import dask.array as da
    from distributed import Client, LocalCluster
    from process_workers import scale, scale_block
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        x = np.arange(24, dtype='f4').reshape(4, 6)
        y = da.from_array(x, chunks=(2, 3)).map_blocks(scale_block, dtype='f4').compute()
        print((y == 2 * x + 1).all(), len({process for process, _ in client.gather(client.map(scale, [[i] for i in range(8)]))}) >= 1)

if __name__ == '__main__':
    main()
""",
        tmp_path=tmp_path,
    )
    assert output.splitlines()[-1] == "True True"


def test_mpi_between_two_ranks(tmp_path):
    needs("python3-mpi4py", "mpi4py")
    mpirun = shutil.which("mpirun")
    if mpirun is None:
        pytest.skip("needs mpirun: apt-get install openmpi-bin")
    output = run(
        """
from mpi4py import MPI
import tensorbridge as tb
from process_workers import demo_kernel

world = MPI.COMM_WORLD
tensor = tb.zeros(5, 'f4')
if world.rank == 0:
    tensor[...] = [0, 1, 2, 3, 4]
    world.Send([tensor, MPI.FLOAT], dest=1)
    world.Recv([tensor, MPI.FLOAT], source=1)
    print(tensor.tolist(), flush=True)
else:
    world.Recv([tensor, MPI.FLOAT], source=0)
    demo_kernel(tb)(tensor, 2.0, 1.0)
    world.Send([tensor, MPI.FLOAT], dest=0)
""",
        command=(mpirun, "--allow-run-as-root", "--oversubscribe", "-n", "2", sys.executable),
        tmp_path=tmp_path,
    )
    assert output.splitlines()[-1] == "[1.0, 3.0, 5.0, 7.0, 9.0]"
