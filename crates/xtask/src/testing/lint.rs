use super::count::Count;
use crate::{
    cargo::{NATIVE, cargo},
    process,
    step::{note, step},
};

/// clippy finds nothing in any crate, for any target that the crate is built for.
pub(super) fn check() -> anyhow::Result<Count> {
    let mut count = Count::default();
    step("Linting what runs on the server", || {
        process::run(cargo().arg("clippy").args(NATIVE).args([
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    count += Count::check(true);
    step("Linting what runs in the browser", || {
        process::run(
            cargo()
                .args([
                    "clippy",
                    "--package=tidemark-frontend",
                    "--package=tidemark-app",
                ])
                .args([
                    "--features=tidemark-app/hydrate",
                    "--target=wasm32-unknown-unknown",
                ])
                .args(["--quiet", "--", "-D", "warnings"]),
        )
    })?;
    count += Count::check(true);
    step("Linting the tools", || {
        process::run(cargo().args([
            "clippy",
            "--package=xtask",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    count += Count::check(true);
    if process::find("cargo-deny").is_some() {
        step("Checking licences, sources and duplicates", || {
            process::run(cargo().args([
                "deny",
                "--offline",
                "check",
                "licenses",
                "sources",
                "bans",
            ]))
        })?;
        count += Count::check(true);
    } else {
        note(
            "cargo-deny is not installed, so licences and sources are not checked (cargo install cargo-deny)",
        );
    }
    Ok(count)
}
