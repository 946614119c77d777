use rand::Rng as _;
use tidemark_domain::OneTimePassword;

/// Without those that look alike: somebody may have to read it to somebody else.
const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 24;

/// A random password, of about 139 bits.
pub fn one_time_password() -> OneTimePassword {
    let mut random = rand::rng();
    let letter = |_| char::from(LETTERS[random.random_range(0..LETTERS.len())]);
    OneTimePassword::new((0..LENGTH).map(letter).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::session::check_new_password;

    #[test]
    fn it_is_good_as_a_password_and_never_the_same() {
        let (one, other) = (one_time_password(), one_time_password());
        check_new_password(one.reveal()).unwrap();
        assert_eq!(one.reveal().len(), LENGTH);
        assert_ne!(one, other);
    }
}
