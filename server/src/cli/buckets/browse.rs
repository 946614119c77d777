use clap::Args;
use tidemark_domain::buckets::{BrowsePage, BrowseRequest, blocks::BlockPage};
use tidemark_services::buckets;

use super::Which;
use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark buckets browse backups-main --account 123456789012 --region eu-west-1 --prefix cluster-1/\n  tidemark buckets browse backups-main --account 123456789012 --region eu-west-1 --blocks --prefix cluster-1/volume-7/"
)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// The beginning of the keys; a folder ends with a slash
    #[arg(long, default_value = "")]
    prefix: String,
    /// Every version, delete markers too
    #[arg(long)]
    versions: bool,
    /// As backups of block storage: clusters, volumes, snapshots
    #[arg(long, conflicts_with_all = ["versions", "after", "limit"])]
    blocks: bool,
    /// `next` of the page before
    #[arg(long)]
    after: Option<String>,
    /// How many: 1 to 1000, 200 by default
    #[arg(long)]
    limit: Option<u16>,
}

pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let request = BrowseRequest {
        place: options.which.place()?,
        prefix: options.prefix.clone(),
        after: options.after.clone(),
        versions: options.versions,
        limit: options.limit,
    };
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    if options.blocks {
        let page = buckets::blocks(services, caller, request).await?;
        let columns = [
            "NAME",
            "INTEGRITY",
            "MADE",
            "BYTES",
            "VOLUME",
            "BUILDS ON",
            "WHY",
        ];
        global.output().table(&page, &columns, block_rows)?;
        return Ok(Outcome::Done);
    }
    let page = buckets::browse(services, caller, request).await?;
    let columns = ["KEY", "BYTES", "WRITTEN", "CLASS", "VERSION"];
    global.output().table(&page, &columns, rows)?;
    Ok(Outcome::Done)
}

fn rows(page: &BrowsePage) -> Vec<Vec<String>> {
    let folders = page.listing.folders.iter().map(|folder| {
        let mut row = vec![String::new(); 5];
        row[0].clone_from(folder);
        row
    });
    let objects = page.listing.objects.iter().map(|object| {
        let version = object.version.as_ref().map(|version| {
            let what = if version.deleted {
                " (delete marker)"
            } else if version.latest {
                " (current)"
            } else {
                ""
            };
            format!("{}{what}", version.id)
        });
        vec![
            object.key.clone(),
            object.size.to_string(),
            time(Some(object.modified)),
            object.class.clone(),
            version.unwrap_or_default(),
        ]
    });
    folders.chain(objects).collect()
}

fn block_rows(page: &BlockPage) -> Vec<Vec<String>> {
    let folders = page.folders.iter().map(|folder| {
        let mut row = vec![String::new(); 7];
        row[0].clone_from(&folder.prefix);
        row
    });
    let snapshots = page.snapshots.iter().map(|one| {
        let size = one.footer.as_ref().map(|footer| footer.size.to_string());
        let volume = one.header.as_ref().and_then(|header| header.volume.clone());
        vec![
            one.prefix.clone(),
            one.integrity.verdict.as_str().to_owned(),
            time(one.made),
            size.unwrap_or_default(),
            volume.unwrap_or_default(),
            one.builds_on.join(" "),
            one.integrity.why.clone(),
        ]
    });
    folders.chain(snapshots).collect()
}
