use crate::{Refusal, source::Source};

/// The first version with a checksum.
pub(super) const FIRST_WITH_SUM: u32 = 5;
/// The last version that Redis and Valkey share.
const LAST_SHARED: u32 = 11;
/// The versions of Valkey 9.0 and 9.2.
const VALKEY: [u32; 2] = [80, 81];

/// The first nine bytes, and the version in them.
pub(super) async fn read(source: &mut Source) -> Result<(String, u32), Refusal> {
    let inside = "the first nine bytes";
    let start: [u8; 9] = source.array(inside).await?;
    let text = String::from_utf8_lossy(&start).into_owned();
    let (valkey, digits) = if let Some(digits) = text.strip_prefix("VALKEY") {
        (true, digits)
    } else if let Some(digits) = text.strip_prefix("REDIS") {
        (false, digits)
    } else {
        return Err(source.refuse_at(
            0,
            "this is no snapshot of Redis or Valkey: it begins with neither REDIS nor VALKEY",
        ));
    };
    let version = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten();
    match version {
        Some(version) if !valkey && (1..=LAST_SHARED).contains(&version) => Ok((text, version)),
        Some(version) if valkey && VALKEY.contains(&version) => Ok((text, version)),
        _ => Err(source.refuse_at(
            0,
            format!(
                "the version {} is not known; those read are REDIS0001 to REDIS0011, VALKEY080 and VALKEY081. With --format none it is stored without being read",
                text.escape_debug()
            ),
        )),
    }
}
