"""A small real model in a folder: an ONNX graph that looks up a vector for each token, and its tokenizer."""

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

WORDS = ("[PAD]", "[UNK]", "[CLS]", "sugar", "glucose", "heart", "query", ":")
TABLE = np.array([[9, 9, 9], [1, 1, 1], [0, 0, 1], [1, 0, 0], [1, 0.1, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]], np.float32)


def model_in(folder: Path, *, inputs: tuple[str, ...] = ("input_ids", "attention_mask"), **config: object) -> Path:
    """The folder, with a model whose vectors are the rows of TABLE; `config` goes to config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in inputs]
    made = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", 3])
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"], axis=0)]
    graph = helper.make_graph(nodes, "lookup", given, [made], [numpy_helper.from_array(TABLE, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()  # pyright: ignore[reportAttributeAccessIssue]
    tokenizer.post_processor = TemplateProcessing(  # pyright: ignore[reportAttributeAccessIssue]
        single="[CLS] $A", special_tokens=[("[CLS]", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps(config))
    return folder
