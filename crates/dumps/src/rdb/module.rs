use super::string::{length, text};
use crate::{Refusal, source::Source};

/// What a module wrote, which says of each part what it is.
pub(super) async fn data(source: &mut Source) -> Result<(), Refusal> {
    let inside = "data of a module";
    loop {
        let at = source.offset();
        match length(source, inside).await? {
            0 => return Ok(()),
            1 | 2 => {
                length(source, inside).await?;
            }
            3 => source.skip(4, inside).await?,
            4 => source.skip(8, inside).await?,
            5 => {
                text(source, inside).await?;
            }
            kind => {
                return Err(source.refuse_at(at, format!("{kind} is no part of {inside}")));
            }
        }
    }
}
