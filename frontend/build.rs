//! Keeps the linker's relocations, by which the module is split into areas that are loaded when they are needed
//! (`crates/xtask/src/site/split.rs`).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-cdylib-link-arg=--emit-relocs");
    }
}
