use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString, rand_core::OsRng},
};
use tidemark_domain::Invalid;

use crate::ServiceError;

/// Refuses passwords that are too short or too long; length is the only rule (NIST SP 800-63B).
pub fn check_new_password(password: &str) -> Result<(), Invalid> {
    if (12..=128).contains(&password.chars().count()) {
        Ok(())
    } else {
        Err(Invalid::new("password", "must have 12 to 128 characters"))
    }
}

/// Hashes with argon2id and a fresh salt. Slow by design, so it runs off the async threads.
pub async fn hash_password(password: &str) -> Result<String, ServiceError> {
    let password = password.to_owned();
    blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes(), &SaltString::generate(&mut OsRng))
            .map(|hash| hash.to_string())
    })
    .await?
    .map_err(|error| ServiceError::Internal(error.to_string().into()))
}

/// Whether the password has this hash. Without a hash it works as long and says no, so that an
/// unknown name cannot be told from a wrong password.
pub(crate) async fn verify_password(
    password: &str,
    hash: Option<&str>,
) -> Result<bool, ServiceError> {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$dGlkZW1hcmtub2JvZHkx$2kzkOEkTvzbZVzLJ9vBlQ5c5pP9fE4kVE6HjM8xj3aE";
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let password = password.to_owned();
    let matches = blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await?;
    Ok(known && matches)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ServiceError::Internal(Box::new(error)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_hash_and_no_other() {
        let hash = hash_password("correct horse battery").await.unwrap();
        assert!(
            verify_password("correct horse battery", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !verify_password("correct horse batterz", Some(&hash))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!verify_password("", None).await.unwrap());
    }

    #[test]
    fn the_stand_in_hash_is_well_formed_so_that_it_costs_as_much() {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$dGlkZW1hcmtub2JvZHkx$2kzkOEkTvzbZVzLJ9vBlQ5c5pP9fE4kVE6HjM8xj3aE";
        let parsed = PasswordHash::new(hash).unwrap();
        assert!(parsed.hash.is_some() && parsed.salt.is_some());
    }

    #[test]
    fn short_passwords_are_refused() {
        assert!(check_new_password("short").is_err());
        assert!(check_new_password("long enough!").is_ok());
    }
}
