use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// What the names of variables with keys begin with.
pub(crate) const PREFIX: &str = "TIDEMARK_HOOK_SECRET_";

/// The variable that holds the key of this name.
pub(crate) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<method>.<path and query>.<body>`.
pub(crate) fn sign(secret: &str, at: Timestamp, method: &str, target: &str, body: &str) -> String {
    let seconds = at.as_second();
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{seconds}.{method}.{target}.").as_bytes());
    mac.update(body.as_bytes());
    format!(
        "t={seconds},v1={}",
        hex::encode(mac.finalize().into_bytes())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_hmac_of_time_method_target_and_body() {
        // printf '1800000000.POST./pause?x=1.{"a":1}' | openssl dgst -sha256 -hmac key
        let at = Timestamp::constant(1_800_000_000, 0);
        assert_eq!(
            sign("key", at, "POST", "/pause?x=1", "{\"a\":1}"),
            "t=1800000000,v1=317effdcfea2d30eb611079e5d6d42c0b3e92c712f7817fc4d6168c1d88eb50c"
        );
        assert_eq!(variable("my-app"), "TIDEMARK_HOOK_SECRET_MY_APP");
    }
}
