use crate::{Refusal, source::Source};

/// What of a text is kept; only names and versions of servers are read.
const KEPT: usize = 64;

/// A text that was read: its beginning, where it was kept as it is.
pub(super) struct Text {
    kept: Option<Vec<u8>>,
}

impl Text {
    /// The text, where it is short and was not packed.
    pub(super) fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.kept.as_deref()?).ok()
    }
}

enum Length {
    Of(u64),
    /// A text that is kept in another way.
    As(u8),
}

async fn any(source: &mut Source, inside: &str) -> Result<Length, Refusal> {
    let at = source.offset();
    let first = source.byte(inside).await?;
    let low = u64::from(first & 0x3f);
    Ok(match (first >> 6, first) {
        (0, _) => Length::Of(low),
        (1, _) => Length::Of((low << 8) | u64::from(source.byte(inside).await?)),
        (2, 0x80) => Length::Of(u64::from(u32::from_be_bytes(source.array(inside).await?))),
        (2, 0x81) => Length::Of(u64::from_be_bytes(source.array(inside).await?)),
        (3, _) => Length::As(first & 0x3f),
        _ => {
            let what = format!("0x{first:02x} begins no length, in {inside}");
            return Err(source.refuse_at(at, what));
        }
    })
}

/// A length or another number.
pub(super) async fn length(source: &mut Source, inside: &str) -> Result<u64, Refusal> {
    let at = source.offset();
    match any(source, inside).await? {
        Length::Of(length) => Ok(length),
        Length::As(_) => Err(source.refuse_at(
            at,
            format!("a text stands where a number belongs, in {inside}"),
        )),
    }
}

/// A text: as it is, as a whole number, or packed by LZF.
pub(super) async fn text(source: &mut Source, inside: &str) -> Result<Text, Refusal> {
    let at = source.offset();
    match any(source, inside).await? {
        Length::Of(length) => {
            let short = length <= KEPT as u64;
            let mut kept = Vec::new();
            source
                .pass(length, inside, |part| {
                    if short {
                        kept.extend_from_slice(part);
                    }
                    Ok(())
                })
                .await?;
            Ok(Text {
                kept: short.then_some(kept),
            })
        }
        Length::As(kind @ 0..=2) => {
            source.skip(1 << kind, inside).await?;
            Ok(Text { kept: None })
        }
        Length::As(3) => {
            let packed = length(source, inside).await?;
            let unpacked = length(source, inside).await?;
            if packed == 0 || unpacked == 0 {
                return Err(source.refuse_at(at, format!("a packed text is empty, in {inside}")));
            }
            source.skip(packed, inside).await?;
            Ok(Text { kept: None })
        }
        Length::As(kind) => {
            Err(source.refuse_at(at, format!("{kind} is no way to keep a text, in {inside}")))
        }
    }
}
