"""How the documentation is built: `sphinx-build -W --keep-going -n -b html docs out/site`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "qtheory"
author = copyright = "The qtheory authors"
language = "en"
html_title = "qtheory"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "_ext.mathml",
    "_ext.docstrings",
    "_ext.public_names",
    "_ext.bibliography",
    "_ext.cross_references",
    "_ext.repository_pages",
    "_ext.claim_gallery",
    "_ext.notebook_gallery",
    "_ext.symbol_table",
]
exclude_patterns = ["conf.py", "check_site.py", "_ext", "figures", "claims/_counts.md"]

# Mathematics becomes MathML while the site is built: no script and no font is fetched by whoever reads it.
html_math_renderer = "mathml"
myst_update_mathjax = False
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
highlight_language = "text"
highlight_options = {"python": {"stripnl": True}, "pycon": {"stripnl": True}}

# Notebooks are percent scripts; the site shows what they print today.
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_output_stderr = "remove-warn"
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}

autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = ["Source", ("Attributes", "params_style")]
# Types of other packages: their inventories would have to be fetched, and this build needs no network.
nitpick_ignore_regex = [
    ("py:.*", r"(fractions|os|pathlib|collections|typing|types|enum|numbers|concurrent|json|io|datetime|abc)\..*"),
    ("py:.*", r"(Fraction|Path|Any|Iterable|Iterator|Callable|Sequence|Mapping|MappingProxyType|Future|Executor)"),
    ("py:.*", r"(sympy|sp|numpy|np|jax|matplotlib|hypothesis|numpyro|scipy|st|dist|npt)\..*"),
    ("py:.*", r"(Axes|Figure|SearchStrategy|Array|ndarray|NDArray)"),
    # Parts of the engine and of the kit that signatures name and nobody needs to make.
    (
        "py:.*",
        r"(.*\.)?(AbstractKeeper|AbstractWorkers|Crew|Instance|InversionTable|Method|RareMethod|Rank|Side|Pass|Source|Subject|Tables)",
    ),
]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
# A summary would be fetched, which a browser refuses for pages opened from files.
html_show_search_summary = False
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
