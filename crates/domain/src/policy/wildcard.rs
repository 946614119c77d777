//! Patterns of policies: `*` stands for any characters, `?` for one.

/// Whether the pattern matches the whole text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and from where on it is tried next.
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                back = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || Some(c) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    p = star + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|c| *c == '*')
}

/// The same without regard to case, as actions are compared.
pub(super) fn matches_any_case(pattern: &str, text: &str) -> bool {
    matches(&pattern.to_lowercase(), &text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("*", "", true)]
    #[case("s3:*Object", "s3:GetObject", true)]
    #[case("s3:*Object", "s3:GetObjectVersion", false)]
    #[case("a?c", "abc", true)]
    #[case("a?c", "ac", false)]
    #[case("a*b*c", "aXbYbZc", true)]
    #[case("a*b*c", "aXbYbZ", false)]
    #[case("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", true)]
    #[case("arn:aws:s3:::b/*", "arn:aws:s3:::b", false)]
    #[case("ü*", "über", true)]
    fn a_pattern_matches_the_whole(#[case] pattern: &str, #[case] text: &str, #[case] yes: bool) {
        assert_eq!(matches(pattern, text), yes);
    }

    #[test]
    fn many_stars_cost_no_time() {
        let pattern = "*a".repeat(40);
        assert!(!matches(&pattern, &"a".repeat(2_000).replace('a', "b")));
    }
}
