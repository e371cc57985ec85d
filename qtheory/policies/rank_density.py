r"""The densities on the top rank, by name; each has a file of its own in `rank_densities`."""

from qtheory.policies.rank_densities.abstract import AbstractRankDensity as AbstractRankDensity
from qtheory.policies.rank_densities.beyond_draws import BeyondDraws as BeyondDraws
from qtheory.policies.rank_densities.beyond_draws import beyond_draws as beyond_draws
from qtheory.policies.rank_densities.documents import rank_density_from_json as rank_density_from_json
from qtheory.policies.rank_densities.mixed import Mixed as Mixed
from qtheory.policies.rank_densities.mixed import mixed as mixed
from qtheory.policies.rank_densities.poisson_best import PoissonBest as PoissonBest
from qtheory.policies.rank_densities.poisson_best import poisson_best as poisson_best
from qtheory.policies.rank_densities.sampling import open_uniform as open_uniform
from qtheory.policies.rank_densities.top_of_draws import TopOfDraws as TopOfDraws
from qtheory.policies.rank_densities.top_of_draws import top_of_draws as top_of_draws
from qtheory.policies.rank_densities.top_slice import TopSlice as TopSlice
from qtheory.policies.rank_densities.window import Window as Window
from qtheory.policies.rank_densities.window import window as window
