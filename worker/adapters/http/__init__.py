"""HTTP to servers of strangers, bounded in time, bytes and reach."""
