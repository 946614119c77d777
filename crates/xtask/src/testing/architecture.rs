use std::{fs, path::Path};

use anyhow::bail;

use super::{count::Count, lifetimes, words};
use crate::{cargo::cargo, paths, process, stamp, step::step};

const LONGEST_FILE: usize = 600;
const SOURCES: [&str; 6] = ["rs", "ts", "mjs", "css", "py", "sql"];
const FOLDERS: [&str; 6] = ["app", "crates", "end2end", "frontend", "server", "style"];
/// What the browser must never be made to load.
const SERVER_ONLY: [&str; 9] = [
    "tidemark-aws",
    "tidemark-store",
    "tidemark-services",
    "tidemark-records",
    "tidemark-dumps",
    "tidemark-sandbox",
    "tokio",
    "sqlx",
    "axum",
];

/// The one AWS client that the function has beside those of the SDK's own sign-in.
const FUNCTION_HAS: [&str; 4] = [
    "aws-sdk-s3",
    "aws-sdk-sso",
    "aws-sdk-ssooidc",
    "aws-sdk-sts",
];

/// Files stay short, and the arrows between crates point the way they should.
pub(super) fn check() -> anyhow::Result<Count> {
    step("Measuring files", short_files)?;
    step(
        "Checking that nothing outlives its component",
        lifetimes::check,
    )?;
    step("Checking the words of the console", words::check)?;
    step(
        "Checking what the browser can reach",
        browser_reaches_only_domain,
    )?;
    step("Checking that the domain stands alone", domain_stands_alone)?;
    step(
        "Checking that the function stays small",
        function_stays_small,
    )?;
    step(
        "Checking that no test tool reaches the product",
        product_has_no_test_tools,
    )?;
    step("Checking that the domain compiles for the browser", || {
        process::run(cargo().args([
            "check",
            "--quiet",
            "--package=tidemark-domain",
            "--target=wasm32-unknown-unknown",
        ]))
    })?;
    Ok(Count {
        passed: 7,
        failed: 0,
        again: 0,
    })
}

fn short_files() -> anyhow::Result<()> {
    let root = paths::root();
    let mut long = Vec::new();
    for folder in FOLDERS {
        for file in stamp::files_below(&root.join(folder))? {
            if is_source(&file) {
                let lines = fs::read_to_string(&file)?.lines().count();
                if lines > LONGEST_FILE {
                    let name = file.strip_prefix(&root).unwrap_or(&file);
                    long.push(format!("{} has {lines} lines", name.display()));
                }
            }
        }
    }
    if !long.is_empty() {
        bail!(
            "files may have {LONGEST_FILE} lines at most:\n{}",
            long.join("\n")
        );
    }
    Ok(())
}

fn is_source(file: &Path) -> bool {
    let generated = file.components().any(|part| {
        matches!(
            part.as_os_str().to_str(),
            Some("node_modules" | "target" | "test-results")
        )
    });
    !generated
        && file
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| SOURCES.contains(&extension))
}

fn browser_reaches_only_domain() -> anyhow::Result<()> {
    let reached = tree(&[
        "--package=tidemark-app",
        "--features=hydrate",
        "--target=wasm32-unknown-unknown",
    ])?;
    let wrong: Vec<&str> = SERVER_ONLY
        .into_iter()
        .filter(|name| reached.iter().any(|found| found == name))
        .collect();
    if !wrong.is_empty() {
        bail!(
            "the browser's build of the app reaches {}: see \
             `cargo tree -p tidemark-app --features hydrate --target wasm32-unknown-unknown -e normal -i {}`",
            wrong.join(", "),
            wrong[0]
        );
    }
    Ok(())
}

fn domain_stands_alone() -> anyhow::Result<()> {
    let reached = tree(&["--package=tidemark-domain"])?;
    let wrong: Vec<&String> = reached
        .iter()
        .filter(|name| name.starts_with("tidemark-") && *name != "tidemark-domain")
        .collect();
    if !wrong.is_empty() {
        bail!("the domain depends on other members: {wrong:?}");
    }
    Ok(())
}

/// What judges the product is no part of it.
fn product_has_no_test_tools() -> anyhow::Result<()> {
    let reached = tree(&["--package=tidemark"])?;
    let wrong: Vec<&String> = reached
        .iter()
        .filter(|name| ["tidemark-simulation", "tidemark-testkit"].contains(&name.as_str()))
        .collect();
    if !wrong.is_empty() {
        bail!("the server depends on {wrong:?}");
    }
    Ok(())
}

/// What is built for Lambda has one client, and compiles without the rest of the adapters.
fn function_stays_small() -> anyhow::Result<()> {
    let reached = tree(&["--package=tidemark-records-lambda"])?;
    let wrong: Vec<&String> = reached
        .iter()
        .filter(|name| name.starts_with("aws-sdk-") && !FUNCTION_HAS.contains(&name.as_str()))
        .collect();
    if !wrong.is_empty() {
        bail!("the function that captures a stream depends on {wrong:?}");
    }
    process::run(cargo().args(["check", "--quiet", "--package=tidemark-records-lambda"]))
}

/// The names of all packages that the selected one depends on in a normal build.
fn tree(selection: &[&str]) -> anyhow::Result<Vec<String>> {
    let text = process::capture(
        cargo()
            .args(["tree", "--edges=normal", "--prefix=none", "--format={p}"])
            .args(selection),
    )?;
    Ok(text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect())
}
