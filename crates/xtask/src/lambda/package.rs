use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// A zip of one program. The same program gives the same bytes: the time is that of all zips whose
/// time does not matter, 1 January 1980.
pub(super) fn zip(name: &str, program: &[u8]) -> anyhow::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(name, options)?;
    zip.write_all(program)?;
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_same_program_gives_the_same_zip_and_can_be_run() -> anyhow::Result<()> {
        let program = b"program".repeat(1_000);
        let packed = zip("bootstrap", &program)?;
        assert_eq!(packed, zip("bootstrap", &program)?);
        assert!(packed.len() < program.len());
        let mut archive = zip::ZipArchive::new(Cursor::new(packed))?;
        let mut file = archive.by_name("bootstrap")?;
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut unpacked = Vec::new();
        file.read_to_end(&mut unpacked)?;
        assert_eq!(unpacked, program);
        Ok(())
    }
}
