"""A kind of import rule for import-linter: what a package may import, instead of what it may not."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowedImports(Contract):
    """Modules of `source` import one another and `allowed_modules`, nothing else, whether theirs or ours."""

    type_name = "allowed"
    source = fields.StringField()
    allowed_modules = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every import of `source` with the list."""
        source = str(self.source)
        inside = {source} | graph.find_descendants(source)
        allowed = {str(name) for name in self.allowed_modules}  # type: ignore[attr-defined]
        imports = {module: graph.find_modules_directly_imported_by(module) - inside for module in sorted(inside)}
        needless = allowed.difference(*imports.values())
        refused = [f"{module} -> {name}" for module, names in imports.items() for name in sorted(names - allowed)]
        unused = [f"{source} imports no {name}: take it off the list" for name in sorted(needless)]
        return ContractCheck(kept=not refused and not unused, metadata={"broken": refused + unused})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that is not allowed, and each allowed one that is not needed."""
        for line in check.metadata["broken"]:
            output.print_error(f"- {line}", bold=False)
