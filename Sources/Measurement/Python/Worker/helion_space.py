"""Helion's configuration space in the words of kernel.json."""

import json


class HelionSpace:
    """Every field that Helion's own searches vary, with its domain, its default, and the rules between fields."""

    def __init__(self, specification):
        self.specification = specification
        self.default = dict(specification.default_config().config)
        self.parameters, self.neutrals = [], {}
        for name, field in specification._flat_fields().items():
            parameter = self.parameter(name, field)
            if parameter is not None:
                self.parameters.append(parameter)
        self.names = [parameter["name"] for parameter in self.parameters]

    def document(self):
        return {"config_space": self.parameters, "constraints": self.constraints()}

    def neutral(self, name):
        """What a field that Helion leaves out of a config stands for."""
        return self.neutrals.get(name)

    def seeds(self):
        """Configs that Helion's compiler would begin a search with, as far as they lie in the space."""
        found = []
        for seed in self.seed_configs():
            config = {**self.base(), **{k: v for k, v in dict(seed.config).items() if k in self.names}}
            if config not in found:
                found.append(json.loads(json.dumps(config)))
        return found

    def seed_configs(self):
        return getattr(self.specification, "compiler_seed_configs", [])

    def base(self):
        return {parameter["name"]: parameter["default"] for parameter in self.parameters}

    def parameter(self, name, field):
        if hasattr(field, "block_id_lookup"):
            domains = [self.item(item) for item in field]
            if not domains:
                return None
            domain = together(domains)
        else:
            domain = described(field)
            if domain is None:
                return None
        self.neutrals[name] = domain["default"]
        default = self.default.get(name, domain["default"])
        seeds = [dict(seed.config)[name] for seed in self.seed_configs() if name in seed.config]
        # What the compiler itself would take may lie outside what Helion's searches draw.
        parameter = {"name": name, **widened(domain, [default, *seeds]), "default": default}
        if "description" not in parameter and (description := self.description(name, domain)):
            parameter["description"] = description
        return parameter

    def description(self, name, domain):
        """What the entries of a list stand for, which the source alone does not tell."""
        if name == "block_sizes":
            extents = ", ".join(str(getattr(item, "size_hint", "?")) for item in self.specification.block_sizes)
            return f"tiles of loops over {extents} elements"
        if name in ("indexing", "load_eviction_policies"):
            return self.accesses(name, domain.get("length"))
        if name in ("reduction_loops",):
            extents = ", ".join(str(item.size_hint) for item in self.specification.reduction_loops)
            return f"of reductions over {extents} elements"
        return self.loops(name)

    def loops(self, name):
        """Which loop each entry of a range_* field is of."""
        sequence = dict(self.all_ranges()).get(name)
        if not sequence:
            return None
        block_ids = [item.block_id for item in self.specification.block_sizes]

        def loop(item):
            if set(item.block_ids) & set(self.specification.grid_block_ids):
                return "the grid's, if persistent"
            tiles = [f"block_sizes[{block_ids.index(block)}]" for block in item.block_ids if block in block_ids]
            return "the loop of " + " and ".join(tiles) if tiles else "an inner loop"

        return "; ".join(loop(item) for item in sequence)

    def accesses(self, name, length):
        """Which load or store each entry is of."""
        facts = getattr(self.specification, "memory_op_facts", [])
        if name == "load_eviction_policies":
            facts = [fact for fact in facts if fact.eviction_index is not None]
        if not facts or len(facts) != length:
            return None
        told, has_stored = [], False
        for fact in facts:
            operand = {"lhs": ", left of a product", "rhs": ", right of a product"}.get(fact.matmul_operand, "")
            text = f"{fact.kind} {fact.tensor_name} ({fact.ndim}D{operand})"
            # Behind the kernel with the whole axis in registers stands the same with the reduction in a loop.
            if self.specification.reduction_loops and fact.graph_id > facts[0].graph_id and not has_stored:
                text, has_stored = f"and where the reduction is looped: {text}", True
            told.append(text)
        return "; ".join(told)

    def item(self, item):
        """One entry of a field that has one for each loop or block."""
        if not hasattr(item, "_flat_fragment"):
            return described(item._fragment(self.specification))
        # What is searched is not what is written: the greatest loops are written None, the whole axis at once.
        fragment = item._flat_fragment(self.specification)
        values, value = [], fragment.low
        while value <= fragment.high:
            values.append(item._flat_config(self.specification, lambda _, value=value: value))
            value *= 2
        unique = list(dict.fromkeys([None, *values]))
        default = item._flat_config(self.specification, lambda fragment: fragment.default())
        return {"type": "enum", "values": unique, "default": default}

    def constraints(self):
        """Rules that stand in Helion's normalization, which refuses or resets what breaks them."""
        found = []
        persistent = [kind for kind in ("persistent_blocked", "persistent_interleaved") if kind in self.pid_types()]
        is_persistent = " or ".join(f"pid_type == '{kind}'" for kind in persistent)
        if not is_persistent:
            is_persistent = "False"
        for name in ("num_sm_multiplier", "maxnreg"):
            if name in self.names:
                found.append(f"{is_persistent} or {name} == {python(self.neutrals[name])}")
        if "maxnreg" in self.names and "num_warps" in self.names:
            found.append("maxnreg == None or maxnreg * 32 * num_warps <= 65536")
        for name, sequence in self.ranges():
            for index, item in enumerate(sequence):
                neutral = python(item._fill_missing())
                if set(item.block_ids) & set(self.specification.grid_block_ids):
                    found.append(f"{is_persistent} or {name}[{index}] == {neutral}")
                for other, static in enumerate(self.specification.static_ranges):
                    if "static_ranges" in self.names and set(item.block_ids) & set(static.block_ids):
                        found.append(f"not static_ranges[{other}] or {name}[{index}] == {neutral}")
        if "epilogue_subtile" in self.names and "flatten_loops" in self.names:
            for index in range(len(self.specification.flatten_loops)):
                found.append(f"epilogue_subtile == None or not flatten_loops[{index}]")
        return found

    def pid_types(self):
        return getattr(self.specification, "allowed_pid_types", ())

    def ranges(self):
        return [(name, sequence) for name, sequence in self.all_ranges() if name in self.names]

    def all_ranges(self):
        names = {
            "range_unroll_factors": "range_unroll_factors", "range_warp_specializes": "range_warp_specialize",
            "range_num_stages": "range_num_stages", "range_multi_buffers": "range_multi_buffers",
            "range_flattens": "range_flattens",
        }
        return [(name, getattr(self.specification, key, ())) for name, key in names.items()]


def widened(domain, values):
    """A domain that holds these values too."""
    kind = domain["type"]
    if kind in ("power_of_2", "integer"):
        return {**domain, "min": min(domain["min"], *values), "max": max(domain["max"], *values)}
    if kind in ("enum", "values"):
        missing = [value for value in values if value not in domain["values"]]
        return {**domain, "values": domain["values"] + list(dict.fromkeys(missing))}
    if kind == "list":
        return {**domain, "of": widened(domain["of"], [element for value in values for element in value])}
    if kind == "tuple":
        return {**domain, "of": [widened(each, list(column)) for each, column in zip(domain["of"], zip(*values))]}
    return domain


def together(domains):
    default = [domain["default"] for domain in domains]
    if all(domain == domains[0] for domain in domains):
        return {"type": "list", "length": len(domains), "of": domains[0], "default": default}
    return {"type": "tuple", "of": domains, "default": default}


def described(fragment):
    """A field's domain; None for a list that is always empty."""
    kinds = {kind.__name__ for kind in type(fragment).__mro__}
    if "ListOf" in kinds:
        return together([described(fragment.inner)] * fragment.length) if fragment.length else None
    default = fragment.default()
    if "PermutationFragment" in kinds:
        return {"type": "permutation", "length": fragment.length, "default": default}
    if "BooleanFragment" in kinds:
        return {"type": "boolean", "default": default}
    if "PowerOfTwoFragment" in kinds:
        return {"type": "power_of_2", "min": fragment.low, "max": fragment.high, "default": default}
    if "BaseIntegerFragment" in kinds:
        return {"type": "integer", "min": fragment.low, "max": fragment.high, "default": default}
    if "EnumFragment" in kinds:
        return {"type": "enum", "values": list(fragment.choices), "default": default}
    return unknown(fragment, default)


def unknown(fragment, default):
    """A kind of field that Helion has and this file does not know: the values it draws itself, and its own words."""
    drawn = [default, *(fragment.random() for _ in range(256)), *fragment.pattern_neighbors(default)]
    values = []
    for value in drawn:
        plain = json.loads(json.dumps(value, default=str))
        if plain not in values:
            values.append(plain)
    kind = "values" if any(isinstance(value, list) for value in values) else "enum"
    return {"type": kind, "values": values, "default": values[0], "description": repr(fragment)}


def python(value):
    return repr(value)
