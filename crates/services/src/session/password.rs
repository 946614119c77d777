use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{Output, PasswordHash, PasswordHasher, SaltString, rand_core::OsRng},
};
use tidemark_domain::Invalid;
use tokio::sync::{Semaphore, SemaphorePermit};

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
    Turn::wait()?
        .take(move || {
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
    turn: Turn,
    password: &str,
    hash: Option<&str>,
) -> Result<bool, ServiceError> {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$dGlkZW1hcmtub2JvZHkx$2kzkOEkTvzbZVzLJ9vBlQ5c5pP9fE4kVE6HjM8xj3aE";
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let password = password.to_owned();
    let matches = turn
        .take(move || has_hash(&password, &hash).unwrap_or(false))
        .await?;
    Ok(known && matches)
}

/// None where the hash is not one that can be checked.
fn has_hash(password: &str, hash: &str) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let expected = hash.hash?;
    let algorithm = Algorithm::try_from(hash.algorithm).ok()?;
    let version = match hash.version {
        Some(version) => Version::try_from(version).ok()?,
        None => Version::default(),
    };
    let params = Params::try_from(&hash).ok()?;
    let mut blocks = blocks(params.block_count());
    let mut salt = [0; 64];
    let salt = hash.salt?.decode_b64(&mut salt).ok()?;
    let found = Output::init_with(expected.len(), |out| {
        Argon2::new(algorithm, version, params)
            .hash_password_into_with_memory(password.as_bytes(), salt, out, &mut blocks)
            .map_err(Into::into)
    });
    // Compared in a time that does not tell where they differ.
    Some(found.ok()? == expected)
}

/// The memory of one check. It is asked for in a piece so large that glibc maps it by itself and gives it back at once: from
/// 32 MiB on it never keeps it, while what a check needs, freed once, would stay with the process for good. What is not
/// touched takes no memory.
fn blocks(count: usize) -> Vec<Block> {
    const GIVEN_BACK: usize = 34 * 1024 * 1024 / Block::SIZE;
    let mut blocks = Vec::with_capacity(count.max(GIVEN_BACK));
    blocks.resize(count, Block::default());
    blocks
}

/// So many passwords are worked on at once: each takes 19 MiB and a processor.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// So many more may wait for that, some seconds in all.
static IN_LINE: Semaphore = Semaphore::const_new(64);

/// A place in the line of those whose password is to be worked on.
pub(crate) struct Turn(SemaphorePermit<'static>);

impl Turn {
    /// Takes a place, if there is one.
    pub(crate) fn wait() -> Result<Self, ServiceError> {
        IN_LINE.try_acquire().map(Self).map_err(|_| {
            ServiceError::Overloaded(
                "too many passwords are being checked at this moment".to_owned(),
            )
        })
    }

    /// Works when its turn comes, off the async threads.
    async fn take<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let internal =
            |error: Box<dyn std::error::Error + Send + Sync>| ServiceError::Internal(error);
        let working = AT_ONCE
            .acquire()
            .await
            .map_err(|error| internal(error.into()))?;
        tokio::task::spawn_blocking(move || {
            // Until the work has ended, also when nobody waits for it any more.
            let _until_the_end = (working, self.0);
            work()
        })
        .await
        .map_err(|error| internal(error.into()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_hash_and_no_other() {
        let hash = hash_password("correct horse battery").await.unwrap();
        assert!(
            verify_password(Turn::wait().unwrap(), "correct horse battery", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !verify_password(Turn::wait().unwrap(), "correct horse batterz", Some(&hash))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let turn = Turn::wait().unwrap();
        assert!(!verify_password(turn, "", None).await.unwrap());
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
