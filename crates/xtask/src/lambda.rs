//! `cargo xtask lambda`: the function that captures a table's stream, as the zip that Lambda takes.

mod glibc;
mod package;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::{Args, ValueEnum};
use sha2::{Digest as _, Sha256};

use crate::{cargo::cargo, paths, process, setup, stamp, step::step};

const PACKAGE: &str = "tidemark-records-lambda";
/// The name that the runtimes without a language start.
const BINARY: &str = "bootstrap";

#[derive(Args)]
pub(crate) struct Options {
    /// Processor of the function
    #[arg(long, value_enum, default_value_t = Arch::X86_64)]
    arch: Arch,
    /// Where to write the zip; below Cargo's output folder by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What Lambda calls `Architectures`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Arch {
    /// Graviton
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86_64,
}

impl Arch {
    fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }
}

/// Builds the function, packs it and says how large it is and what its digest is.
pub(crate) fn lambda(options: &Options) -> anyhow::Result<()> {
    let linker = setup::python::linker()?;
    setup::rust::target(options.arch.target())?;
    let binary = step(
        &format!("Building the function for {}", options.arch.name()),
        || build(options.arch, &linker),
    )?;
    let program = fs::read(&binary)?;
    glibc::check(&program)?;
    let zip = package::zip(BINARY, &program)?;
    let out = match &options.out {
        Some(file) => env::current_dir()?.join(file),
        None => paths::target()
            .join("lambda")
            .join(format!("{PACKAGE}-{}.zip", options.arch.name())),
    };
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&out, &zip)?;
    println!("{}", out.display());
    println!("    architecture  {}", options.arch.name());
    println!("    program       {} bytes", program.len());
    println!("    zip           {} bytes", zip.len());
    println!("    SHA-256       {}", stamp::digest(&zip));
    println!(
        "    CodeSha256    {}",
        STANDARD.encode(Sha256::digest(&zip))
    );
    Ok(())
}

/// Builds with Zig as the linker, which knows the C libraries of every processor and version.
fn build(arch: Arch, linker: &Path) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    // Found by cargo under the name of the subcommand, and finds Zig in the same environment.
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(linker.to_path_buf()).chain(env::split_paths(&path));
    command
        .env("PATH", env::join_paths(folders)?)
        .args(["zigbuild", "--profile=lambda"])
        .arg(format!("--package={PACKAGE}"))
        .arg(format!("--bin={BINARY}"))
        .arg(format!("--target={}.{}", arch.target(), glibc::NEWEST));
    process::run(&mut command)?;
    Ok(paths::target()
        .join(arch.target())
        .join("lambda")
        .join(BINARY))
}
