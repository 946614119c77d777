//! The C library that the function finds in Lambda.

use std::collections::BTreeSet;

use anyhow::bail;

/// The version of Amazon Linux 2023, on which `provided.al2023` is built.
pub(super) const NEWEST: &str = "2.34";

/// Refuses a program that would not start in Lambda because it asks for a newer C library.
pub(super) fn check(program: &[u8]) -> anyhow::Result<()> {
    let newest = parse(NEWEST);
    let newer: Vec<String> = asked(program)
        .into_iter()
        .filter(|version| Some(version) > newest.as_ref())
        .map(|(major, minor)| format!("{major}.{minor}"))
        .collect();
    if !newer.is_empty() {
        bail!(
            "the function needs glibc {}, and Lambda's provided.al2023 has {NEWEST}",
            newer.join(" and ")
        );
    }
    Ok(())
}

/// The versions whose names are among the program's strings.
fn asked(program: &[u8]) -> BTreeSet<(u32, u32)> {
    const NAME: &[u8] = b"GLIBC_";
    program
        .windows(NAME.len())
        .enumerate()
        .filter(|(_, window)| *window == NAME)
        .filter_map(|(at, _)| {
            let version: String = program[at + NAME.len()..]
                .iter()
                .map(|byte| char::from(*byte))
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect();
            parse(&version)
        })
        .collect()
}

/// Major and minor version.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_for_a_newer_c_library_is_refused() {
        let old = b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_PRIVATE\0";
        assert_eq!(asked(old), BTreeSet::from([(2, 2), (2, 34)]));
        assert!(check(old).is_ok());
        let refused = check(b"\0GLIBC_2.17\0GLIBC_2.36\0").map_err(|error| error.to_string());
        assert!(refused.is_err_and(|said| said.contains("2.36") && !said.contains("2.17")));
    }
}
