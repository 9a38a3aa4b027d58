"""Writes python.safetensors: python make_python.py (needs numpy and safetensors)."""
import numpy as np
from safetensors.numpy import save_file

save_file({
    "layer.0.weight": np.array([[0, 0.5, 1], [1.5, 2, -2.5]], np.float32),
    "scalar": np.array(3.25, np.float32),
    "empty": np.zeros((0, 4), np.float32),
    "double": np.array([np.pi]),
    "integers": np.array([-1, 0, 2**31 - 1], np.int32),
    "longs": np.array([-(2**53) - 1], np.int64),
    "flags": np.array([True, False, True]),
    "half": np.array([1, 2, 3, 4, 5], np.float16),
}, "python.safetensors", metadata={"origin": "python", "note": "한국어 \"quoted\""})
