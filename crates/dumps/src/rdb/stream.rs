use super::string::{length, text};
use crate::{Refusal, source::Source};

/// The type of Redis 7.0, which knows what was deleted.
const SECOND: u8 = 19;
/// The type of Redis 7.2, which knows when consumers were active.
const THIRD: u8 = 21;

/// A stream: its entries, what is known of them, its groups of consumers.
pub(super) async fn read(source: &mut Source, kind: u8) -> Result<(), Refusal> {
    let inside = "a stream";
    let packs = length(source, inside).await?;
    for _ in 0..packs {
        text(source, inside).await?;
        text(source, inside).await?;
    }
    // How many entries, and the last id; from the second type on the first id, the last deleted one, and how many ever.
    let facts = if kind >= SECOND { 8 } else { 3 };
    for _ in 0..facts {
        length(source, inside).await?;
    }
    let groups = length(source, inside).await?;
    for _ in 0..groups {
        group(source, kind).await?;
    }
    Ok(())
}

async fn group(source: &mut Source, kind: u8) -> Result<(), Refusal> {
    let inside = "a group of a stream";
    text(source, inside).await?;
    // The last id, and from the second type on how many were read.
    for _ in 0..if kind >= SECOND { 3 } else { 2 } {
        length(source, inside).await?;
    }
    let pending = length(source, inside).await?;
    for _ in 0..pending {
        // The id, and when it was delivered.
        source.skip(16 + 8, inside).await?;
        length(source, inside).await?;
    }
    let consumers = length(source, inside).await?;
    for _ in 0..consumers {
        text(source, inside).await?;
        source
            .skip(if kind >= THIRD { 16 } else { 8 }, inside)
            .await?;
        let pending = length(source, inside).await?;
        for _ in 0..pending {
            source.skip(16, inside).await?;
        }
    }
    Ok(())
}
