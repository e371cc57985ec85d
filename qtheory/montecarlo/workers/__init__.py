"""Who does the stints of a pass: threads, a mesh of devices, several processes, or an executor across hosts."""

from qtheory.montecarlo.workers.abstract import AbstractWorkers
from qtheory.montecarlo.workers.executors import Executors
from qtheory.montecarlo.workers.mesh import Mesh
from qtheory.montecarlo.workers.processes import Processes
from qtheory.montecarlo.workers.threads import Threads

__all__ = ["AbstractWorkers", "Executors", "Mesh", "Processes", "Threads"]
