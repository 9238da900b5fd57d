"""Writes values and gradients of expressions as torch gives them: generate.py > torch.json"""
import json, math, sys, torch
import torch.nn.functional as F

torch.manual_seed(1)
def r(*s): return torch.randn(s).mul(1000).round().div(1000)
T = {
 "x": r(4, 3), "y": r(4, 3), "w": r(3, 5), "b": r(3), "v": r(4), "a": r(2, 3, 4), "c": r(2, 4, 5), "s": r(),
 "p": torch.rand(4, 3).mul(0.8).add(0.1).mul(1000).round().div(1000), "col": r(4, 1),
 "k": torch.tensor([0, 2, 1, 2]), "m": torch.tensor([[True, False, True]] * 4), "n": torch.tensor([[1, 2, 3], [4, 5, 6], [0, 1, 2], [3, 3, 3]]),
}
E = """
x + y|x - y|x * y|x / p|x ** 2|p ** y|-x|-x ** 2|2 ** -1 * x|2 ** x|x ** -1|x * 0 + p ** 2 ** 0.5|x + 1|1 + x|x - 1|1 - x|2 * x|x * 2.5|1 / p|x / 2|3 - 2 * x + 1
x @ w|x.mm(w)|x.matmul(w)|torch.mm(x, w)|v @ x|x @ b|v @ v|a @ c|a.bmm(c)|torch.bmm(a, c)|x.mv(b)|v.dot(v)|torch.outer(v, b)|b.addmm(x, w.mm(w.t()))|torch.addmm(b, x, w @ w.t(), beta=0.5, alpha=2)|F.linear(x, w.t())|F.linear(a.transpose(1, 2), w.t(), w[0])|a.matmul(c[0])|b @ a
x.mm(w).clamp(min=0).mm(w.t())|x.clamp(min=-0.5)|x.clamp(max=0.5)|x.clamp(-0.5, 0.5)|x.clamp(0)|torch.clamp(x, min=-1, max=1)|x.clamp(min=y)|x.clip(-1, 1)|n.clamp(min=1.5) * x
x.pow(2)|p.pow(0.5)|p.pow(y)|torch.pow(2, x)|torch.pow(x, 3)|x.square()|x.exp()|p.log()|p.log1p()|x.expm1()|p.sqrt()|p.rsqrt()|p.reciprocal()|x.abs()|x.sign()|x.neg()|(x * 3).round()|x.floor()|x.ceil()|x.trunc()|x.sin()|x.cos()|x.tan()|p.asin()|p.acos()|x.atan()|x.sinh()|x.cosh()|x.erf()|p.log2()|p.log10()|torch.exp2(x)|torch.atan2(x, p)|torch.lerp(x, y, 0.3)|torch.lerp(x, y, p)
x.relu()|torch.relu(x)|F.relu(x)|torch.nn.functional.relu(x)|x.sigmoid()|torch.tanh(x)|F.softplus(x)|F.softplus(x, beta=2)|F.softplus(x * 20, 1, 5)|F.softmax(x, dim=1)|x.softmax(0)|x.softmax(-1)|x.log_softmax(1)|torch.log_softmax(x, dim=-1)|x.logsumexp(1)|x.logsumexp((0, 1), keepdim=True)|F.softmin(x, dim=1)|F.silu(x)|F.mish(x)|F.selu(x)|F.relu6(x * 5)|F.hardswish(x * 3)|F.logsigmoid(x)|F.softsign(x)|F.leaky_relu(x)|F.leaky_relu(x, 0.2)|F.elu(x)|F.elu(x, alpha=0.5)|F.gelu(x)|F.gelu(x, approximate='tanh')|F.hardtanh(x)|F.hardtanh(x, -0.2, 0.7)
x.sum()|x.sum(0)|x.sum(1)|x.sum(dim=1, keepdim=True)|x.sum((0, 1))|x.sum([0])|a.sum((0, -1), True)|torch.sum(x, 1)|torch.sum(x, dim=(0,))|x.sum(axis=1)|x.mean()|x.mean(0)|x.mean(-1, keepdim=True)|a.mean((1, 2))|x.prod()|x.prod(1)|x.prod(dim=0, keepdim=True)|x.max()|x.min()|torch.max(x)|x.max(y)|torch.max(x, y)|torch.min(x, b)|x.max(dim=1).values|x.max(1)[0]|x.min(0)[0]|x.max(1, keepdim=True)[0]|x.min(dim=-1, keepdim=True).values|x.max(1).indices|x.amax(1)|x.amax(dim=(0, 1))|x.amin(1, keepdim=True)|x.amax()|x.var()|x.var(0)|x.var(dim=0, unbiased=False)|x.var(False)|x.var(1, keepdim=True)|x.std()|x.std(0)|x.std((0, 1), unbiased=True)|x.std(1, False, True)|x.norm()|x.norm(1)|x.norm(p=2, dim=1)|x.norm(2, 1, True)|x.norm(dim=0)|torch.norm(x, p=3)|x.argmax()|x.argmax(1)|x.argmin(dim=0, keepdim=True)|x.cumsum(0)|n.sum()|n.sum(0)|m.sum()|m.sum(1)
x.t()|x.T|a.transpose(0, 2)|a.transpose(-1, -2)|a.permute(2, 0, 1)|a.permute((1, 0, 2))|x.reshape(3, 4)|x.reshape(-1)|x.reshape((2, -1))|a.view(2, -1)|a.view(-1, 4)|x.view(x.size(0), -1, 1)|a.reshape(a.shape[0], a.shape[1] * a.shape[2])|x.flatten()|a.flatten(1)|a.flatten(start_dim=0, end_dim=1)|col.squeeze()|col.squeeze(1)|col.squeeze(0)|x.unsqueeze(0)|x.unsqueeze(-1)|col.expand(4, 3)|col.expand(-1, 3)|b.expand(2, 4, -1)|col.expand_as(x)|x.reshape_as(a[0])|x.flip(0)|x.flip((0, 1))|torch.cat((x, y), dim=1)|torch.cat([x, y])|torch.cat([x, col], -1)|torch.stack([x, y])|torch.stack((x, y), dim=-1)|x.narrow(1, 0, 2)|x.gather(1, k.unsqueeze(1))|x.gather(0, n.clamp(max=3))
x[0]|x[:, 0]|x[:, 1:3]|x[1:, :-1]|x[::2]|x[..., 0]|x[:, None] * y|a[0, :, 1]|a[..., 1:3]|x[-1]|a[:, -1, ::2]|a[0][1]|x[None]|a[..., None, 0]|x[0, None, :]
x.size(0) * x|x / x.size(0)|x.sum() / y.shape[0]|x / x.numel()|x * (x.shape[1] - 1)|x * (1 / x.size(0))|x * -x.size(0)
torch.where(x > 0, x, y)|torch.where(x > y, x, 0.)|torch.where(x > 0, 1., x)|torch.where(m, x, y * 2)|x * (x > 0)|x * (x.abs() <= 1)|(x > 0) * 1.0|(x > 0).float()|x.gt(0) * y|x.ge(y) * x|x.lt(0.5) * x|x.le(y) * x|x.eq(x) * x|x.ne(y) * x|(x == y) * x + x|(x != y) * x|0 < x|1 >= y|(x > 0) & (y > 0)|(x > 0) | (y < 0)|((x > 0) ^ m) * x|~m * x|~(x > 0)|torch.logical_and(x > 0, m)|torch.logical_not(x > 0)|x.masked_fill(m, -1)|x.masked_fill(m, 0.5)|torch.isnan(x)|m + n|m * n|m.long() + n
x.detach() * y|x - x.detach() + y|(x.sign() - x).detach() + x|x.data * y|torch.minimum(x, y)|torch.maximum(x, b)|torch.zeros_like(x) + y|torch.ones_like(x) * x|torch.full_like(x, 2) * x|torch.tensor(2.0) * x|torch.tensor([1.0, 2.0, 3.0]) * x|torch.tensor([1, 2, 3]) * x|x.clone()|x.contiguous()|x.type_as(y)|x.double()|n.float() * x|x.long()|k.double()|F.one_hot(k, 3) * x|F.one_hot(k, num_classes=3).float()|n / 2|n * 0.5|n + s|n - 1|n.exp()|n.abs()|x + s|s * 2|s.exp()
x.add(y)|x.add(y, alpha=2)|torch.add(x, y, alpha=0.5)|x.sub(y, alpha=2)|torch.sub(x, 1)|x.mul(0.5)|x.mul(y)|torch.mul(x, y)|x.div(p)|x.div(2)|x.multiply(2)|x.true_divide(p)|math.pi * x|torch.pi * x|math.sqrt(2) * x|math.log(2 * math.pi) + x
F.mse_loss(x, y)|F.mse_loss(x, y, reduction='sum')|F.mse_loss(x, y, reduction="none")|F.l1_loss(x, y)|F.smooth_l1_loss(x, y)|F.smooth_l1_loss(x, y, beta=0.5, reduction='sum')|F.huber_loss(x, y, delta=0.7)|F.binary_cross_entropy(p, p.detach())|F.binary_cross_entropy_with_logits(x, p.detach(), pos_weight=b.exp().detach())|F.cross_entropy(x, k)|F.cross_entropy(x, k, reduction='sum', label_smoothing=0.1)|F.cross_entropy(x, y.softmax(1))|F.cross_entropy(x, k, weight=b.exp().detach())|F.cross_entropy(x, k, reduction='none')|F.nll_loss(x.log_softmax(1), k)|-x.log_softmax(1).gather(1, k.unsqueeze(1)).mean()|F.cross_entropy(x, k, ignore_index=2)
(x-y).pow(2).sum()|((x - y).exp() + (y - x).exp()).mul(0.5).log().mean()|x * (x * b).sigmoid()|(x * F.one_hot(k, 3)).sum(1).mean()|(x.sum(0) * b).softmax(-1).log().neg().mean()|x.mm(w)[:, 0].unsqueeze(1) + x|x.pow(0)|(x * 0).exp() * x.norm(dim=1, keepdim=True)|-x.abs() ** 2 + 2 ** -x|1e-3 * x + .5 - 1.|x.t().mm((y.mm(w)) * (x.mm(w) > 0))
"""
out = []
seen = set()
def split(line):
    # '|' separates; with spaces around it is torch's or.
    parts, cur = [], ""
    i = 0
    while i < len(line):
        if line[i] == "|" and not (line[i-1] == " " and line[i+1] == " "):
            parts.append(cur); cur = ""
        else: cur += line[i]
        i += 1
    return parts + [cur]
for line in E.strip().split("\n"):
  for text in split(line):
    if text in seen: continue
    seen.add(text)
    leaves = {n: (t.clone().requires_grad_() if t.is_floating_point() else t) for n, t in T.items()}
    try: v = eval(text, {"torch": torch, "F": F, "math": math}, dict(leaves))
    except Exception as e:
        print(text, e, file=sys.stderr); continue
    item = {"expression": text, "dtype": str(v.dtype)[6:], "shape": list(v.shape), "value": [float(q) for q in v.detach().double().flatten()]}
    grads = {}
    if v.requires_grad:
        g = torch.cos(torch.arange(v.numel(), dtype=v.dtype)).reshape(v.shape)
        names = [n for n in leaves if leaves[n].requires_grad]
        for n, d in zip(names, torch.autograd.grad([v], [leaves[n] for n in names], [g], allow_unused=True)):
            if d is not None: grads[n] = [float(q) for q in d.double().flatten()]
    item["gradients"] = grads
    assert all(math.isfinite(q) for q in item["value"]), text
    out.append(item)
def short(v): return [float("%.9g" % q) for q in v]
for o in out:
    o["value"] = short(o["value"]); o["gradients"] = {k: short(v) for k, v in o["gradients"].items()}
print('{"torch": %s, "tensors": {' % json.dumps(torch.__version__))
print(",\n".join('"%s": %s' % (n, json.dumps({"dtype": str(t.dtype)[6:], "shape": list(t.shape), "data": short([float(q) for q in t.double().flatten()])})) for n, t in T.items()))
print('}, "cases": [')
print(",\n".join(json.dumps(o) for o in out))
print("]}")
