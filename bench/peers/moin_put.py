"""Puts texts into a MoinMoin wiki, a page for each: `python moin_put.py FOLDER`, run by the Python that MoinMoin is installed in.

The index is left alone: `moin index-build` makes it at once afterwards, which a page at a time takes half an hour.
"""

import io
import json
import sys
from pathlib import Path

from moin.app import before_wiki, create_app
from moin.storage.middleware.indexing import IndexingMiddleware

IndexingMiddleware.index_revision = lambda *_, **__: None
# What was put is looked for in the index, where it stands later.
IndexingMiddleware.get_document = lambda *_, **__: {}
folder = Path(sys.argv[1])
app = create_app(config=str(folder / "wikiconfig.py"))
with app.test_request_context("/"):
    before_wiki()
    for number, text in enumerate(json.loads((folder / "texts.json").read_text())):
        name = f"page{number}"
        about = {
            "name": [name],
            "contenttype": "text/x-markdown;charset=utf-8",
            "itemtype": "default",
            "comment": "",
            "action": "SAVE",
        }
        app.storage[name].store_revision(about, io.BytesIO(text.encode()), overwrite=False)
