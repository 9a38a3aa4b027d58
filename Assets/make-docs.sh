#!/bin/sh
# Makes the documentation site: the guide, the pages beside the code, and every module's public declarations.
#   make-docs.sh BUILD OUTPUT      BUILD: a folder of built modules, such as .build/release
# It reads modules that are built already, so that nothing is compiled again. symbolgraph-extract and docc come with the
# Swift toolchain.
set -eu
build=$1
output=$2
graphs=$build/docs-graphs
catalog=$build/docs-guide.docc

# The guide's folder, and what it shows of other folders.
rm -rf "$graphs" "$catalog" "$output"
mkdir -p "$graphs"
cp -R Sources/Planar/Planar.docc "$catalog"
cp Assets/pictures/*.png Assets/pictures/*.gif "$catalog"
cp Environments/README.md "$catalog/EnvironmentFiles.md"
cp Environments/ADD-A-TASK.md "$catalog/AddATask.md"
cp Assets/recipes/README.md "$catalog/Recipes.md"
cp Assets/ZOO.md "$catalog/Zoo.md"
cp Sources/PlanarPhysics/README.md "$catalog/Physics.md"
cp Sources/NeuralNetworks/README.md "$catalog/Networks.md"
cat >>"$catalog/Planar.md" <<'PAGES'

### Beside the code

- <doc:EnvironmentFiles>
- <doc:AddATask>
- <doc:Recipes>
- <doc:Zoo>
- <doc:Physics>
- <doc:Networks>
PAGES

# Where the modules are, and the C headers that they were built with.
set -- -I "$build/Modules" -I Sources/CPlanarCairo -I Sources/CPlanarGLFW -I .build/checkouts/Yams/Sources/CYaml/include \
  -I .build/checkouts/FlyingFox/CSystemLinux/include
for map in "$build"/CPlanar*.build/module.modulemap; do set -- "$@" -Xcc "-fmodule-map-file=$map"; done
for flag in $(pkg-config --cflags-only-I cairo glfw3); do set -- "$@" -Xcc "$flag"; done
triple=$(swiftc -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p' | head -n 1)

for folder in Sources/*/; do
  name=$(basename "$folder")
  case $name in
    CPlanar* | Program) continue ;;
    Planar*) module=$name ;;
    *) module=Planar$name ;;
  esac
  swift-symbolgraph-extract -module-name "$module" -target "$triple" -minimum-access-level public \
    -skip-synthesized-members -skip-inherited-docs -output-dir "$graphs" "$@"
done

# docc also asks for a paragraph on every parameter; what the project asks for is checked by make lint.
docc convert "$catalog" --additional-symbol-graph-dir "$graphs" --output-path "$output" \
  --fallback-display-name Planar --fallback-bundle-identifier planar --transform-for-static-hosting \
  --diagnostic-level error
