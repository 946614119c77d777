/// A manifest to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// The word of addresses and commands.
    pub id: &'static str,
    /// What it is for.
    pub title: &'static str,
    /// The manifest.
    pub text: &'static str,
}

/// Manifests to start from.
pub const TEMPLATES: [Template; 3] = [
    Template {
        id: "datasets",
        title: "Datasets in DynamoDB tables: backed up while writes are paused",
        text: include_str!("templates/datasets.yaml"),
    },
    Template {
        id: "mediation",
        title: "EFS, RDS and MemoryDB in a cold window: the database no later than the disk",
        text: include_str!("templates/mediation.yaml"),
    },
    Template {
        id: "cluster",
        title: "A database on EC2 instances with several volumes each",
        text: include_str!("templates/cluster.yaml"),
    },
];

impl Template {
    /// The template of that word.
    pub fn named(id: &str) -> Option<Self> {
        TEMPLATES.into_iter().find(|template| template.id == id)
    }
}
