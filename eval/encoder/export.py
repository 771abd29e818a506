"""Writes a trained encoder in the form that `rag/late.py` reads.

The layers go to ONNX with weights of 8 bits (onnxruntime's dynamic quantization, a scale for each
output); the words stay in the 4 bits they came in. Needs the packages of the extra `train`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from eval.encoder.base import Base
from rag.errors import UsageError
from rag.late import LONGEST

#: Tokens of a text with the marks of its begin and end.
_MOST: Final = LONGEST + 2


def write(
    model: Any, tokenizer: Any, base: Base, keep: list[int], about: Mapping[str, Any], folder: Path
) -> None:
    """Write the four files of the folder. Raises UsageError where a package is missing."""
    import torch

    try:
        import onnx
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError as error:
        raise UsageError(f"{error.name} is not installed: pip install '.[train]'") from error
    model.eval()
    positions = model.bert.embeddings.position_embeddings
    positions.weight = torch.nn.Parameter(positions.weight[:_MOST].detach())
    model.bert.embeddings.position_ids = model.bert.embeddings.position_ids[:, :_MOST]
    model.bert.embeddings.token_type_ids = model.bert.embeddings.token_type_ids[:, :_MOST]
    scales, nibbles = base.words(keep)
    folder.mkdir(exist_ok=True)
    np.savez(folder / "words.npz", scales=scales, nibbles=nibbles)
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    with TemporaryDirectory() as name:
        plain, small = Path(name, "plain.onnx"), Path(name, "small.onnx")
        torch.onnx.export(
            model,
            (torch.zeros(1, 8, base.hidden),),
            str(plain),
            input_names=["words"],
            output_names=["vectors", "weights"],
            dynamic_shapes={"words": {1: torch.export.Dim("tokens", min=3, max=_MOST)}},
            dynamo=True,
            external_data=False,
        )
        quantize_dynamic(
            plain,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm"],
        )
        graph = onnx.load(small)
        for node in graph.graph.node:  # where in the code it came from: paths of this machine
            del node.metadata_props[:]
            node.doc_string = ""
        onnx.save(graph, folder / "encoder.onnx")
    parts = ("encoder.onnx", "words.npz", "tokenizer.json")
    made = hashlib.sha256(b"".join((folder / part).read_bytes() for part in parts))
    record = {"id": f"late-{made.hexdigest()[:12]}", **about}
    (folder / "about.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
