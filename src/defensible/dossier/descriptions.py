"""What each key of a model means: the text below it in the source.

Read only where someone is told of a key: for a JSON Schema, or in a message. Reading the source of
every model at start costs a tenth of a quick command.
"""

import ast
import inspect
from functools import cache
from types import ModuleType

from pydantic import BaseModel


@cache
def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Key as the file writes it, and its meaning; keys without a text are left out."""
    texts: dict[str, str] = {}
    for one in reversed(model.__mro__):
        module = inspect.getmodule(one)
        if module is not None and module.__name__.startswith("defensible."):
            texts |= _of_module(module).get(one.__name__, {})
    fields = model.model_fields.items()
    return {field.alias or name: texts[name] for name, field in fields if name in texts}


@cache
def _of_module(module: ModuleType) -> dict[str, dict[str, str]]:
    """For each class of a module, its attributes and the text below each."""
    tree = ast.parse(inspect.getsource(module))
    return {one.name: _of_class(one) for one in tree.body if isinstance(one, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    return {
        name.id: inspect.cleandoc(text)
        for above, below in zip(node.body, node.body[1:], strict=False)
        if isinstance(above, ast.AnnAssign)
        and isinstance(name := above.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(text := below.value.value, str)
    }
