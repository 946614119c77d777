//! The tidemark binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    tidemark_server::cli::main()
}
