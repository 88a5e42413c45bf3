# SPDX-License-Identifier: Apache-2.0
"""How the manual is built: ``sphinx-build -W -b html docs docs/_build/html``, with the package built or installed."""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))
try:
    import aerospike
except ImportError:  # not installed: take the extensions built in place
    sys.path.insert(0, str(HERE.parent))
    import aerospike

project = "aerospike"
author = "the authors of aerospike"
version = release = aerospike.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.doctest"]
extensions += ["errors", "names", "signatures", "summary", "tables"]  # in _ext/
nitpicky = True  # a reference to a name that is not there is an error
# of other packages, in signatures
OTHERS = ("AbstractContextManager", "CollectorRegistry", "MeterProvider", "TracerProvider", "os.PathLike")
OTHERS += ("Self",)  # of typing, where CPython 3.10 has none
OTHERS += ("KeyObject",)  # of 2015: what it has stands where it is returned
nitpick_ignore = [("py:class", name) for name in OTHERS]

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # _ext/signatures.py shows them, as they stand in the source
python_use_unqualified_type_names = True

autodoc_mock_imports = ["dask", "pyarrow", "pyspark", "ray"]  # the engines, and what they need
exclude_patterns = ["_build"]
highlight_language = "default"  # Python where it is Python
trim_doctest_flags = True

html_theme = "furo"
html_title = f"aerospike {version}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_copy_source = False
html_show_copyright = False
