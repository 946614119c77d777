//! The compiler as cargo calls it through `cargo xtask`, for which this program stands in.
//!
//! Of the larger AWS SDKs a few operations are used and hundreds are not. rustc has a hint for such crates, with which it
//! makes machine code only for what other crates ask for: `aws-sdk-ec2` takes less than half the time. The hint is not
//! stable, so it is given to these crates alone; every other crate is compiled as without it.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
    process::{Command, ExitCode},
};

/// Set where this program is called as the compiler.
const STANDS_IN: &str = "TIDEMARK_RUSTC";

/// Crates of which little is used.
const MOSTLY_UNUSED: [&str; 8] = [
    "aws_sdk_cloudformation",
    "aws_sdk_ec2",
    "aws_sdk_efs",
    "aws_sdk_iam",
    "aws_sdk_kms",
    "aws_sdk_memorydb",
    "aws_sdk_organizations",
    "aws_sdk_rds",
];

/// Has cargo call the compiler through this program. A wrapper of one's own, such as a cache, is left in its place.
pub(crate) fn stand_in(cargo: &mut Command) {
    let taken = ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"];
    if taken.into_iter().any(|name| env::var_os(name).is_some()) {
        return;
    }
    if let Ok(this) = env::current_exe() {
        cargo.env("RUSTC_WRAPPER", this).env(STANDS_IN, "1");
    }
}

/// Calls the compiler, where cargo has called this program for it.
pub(crate) fn called() -> Option<ExitCode> {
    env::var_os(STANDS_IN)?;
    let mut arguments = env::args_os().skip(1);
    let compiler = arguments.next().filter(|one| is_compiler(one))?;
    let arguments: Vec<OsString> = arguments.collect();
    let mut command = Command::new(compiler);
    command.args(&arguments);
    if of_crate(&arguments).is_some_and(mostly_unused) {
        command
            .arg("-Zhint-mostly-unused")
            .env("RUSTC_BOOTSTRAP", "1");
    }
    Some(match command.status() {
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("error: the compiler could not be started: {error}");
            ExitCode::FAILURE
        }
    })
}

/// What cargo starts inherits the variable, and may be this program in its own right.
fn is_compiler(program: &OsStr) -> bool {
    Path::new(program).file_stem().is_some_and(|name| {
        let name = name.to_string_lossy();
        name.starts_with("rustc") || name.starts_with("clippy-driver")
    })
}

/// The crate that is compiled.
fn of_crate(arguments: &[OsString]) -> Option<&OsStr> {
    let name = arguments.iter().position(|one| one == "--crate-name")?;
    arguments.get(name + 1).map(OsString::as_os_str)
}

fn mostly_unused(name: &OsStr) -> bool {
    MOSTLY_UNUSED.iter().any(|known| name == *known)
}

#[cfg(test)]
mod tests {
    use super::{OsStr, OsString, is_compiler, mostly_unused, of_crate};

    #[test]
    fn the_hint_is_for_the_crates_named_alone() {
        let arguments = |name: &str| -> Vec<OsString> {
            ["--crate-name", name, "--edition=2021", "src/lib.rs"]
                .map(OsString::from)
                .to_vec()
        };
        let hinted = |name: &str| of_crate(&arguments(name)).is_some_and(mostly_unused);
        assert!(hinted("aws_sdk_ec2"));
        assert!(!hinted("aws_sdk_dynamodb"));
        assert!(!hinted("build_script_build"));
        assert!(of_crate(&["-vV".into()]).is_none());
    }

    #[test]
    fn what_is_no_compiler_is_not_called() {
        for (program, is) in [
            ("/toolchain/bin/rustc", true),
            ("clippy-driver", true),
            ("test", false),
        ] {
            assert_eq!(is_compiler(OsStr::new(program)), is, "{program}");
        }
    }
}
