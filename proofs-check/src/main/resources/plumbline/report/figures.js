// Draws the figures as SVG with d3; colours come from the style sheet, so that they follow the theme.
const figures = (function () {
  'use strict';
  const brief = d3.format('~g');

  function ticks(axis, spread) {
    return axis.log ? value => value === 0 ? '1' : '10^' + brief(value).replace('-', '−')
        : spread >= 1e5 || spread < 1e-3 ? d3.format('~e') : brief;
  }

  /** Sets the exponents of an axis above the line. */
  function raise(axis) {
    axis.selectAll('text').each(function () {
      const [base, exponent] = this.textContent.split('^');
      if (exponent) {
        this.textContent = base;
        d3.select(this).append('tspan').attr('dy', '-.42em').attr('font-size', '.8em').text(exponent);
      }
    });
  }

  function svg(box, width, height) {
    box.replaceChildren();
    return d3.select(box).append('svg').attr('viewBox', [0, 0, width, height]).attr('width', width).attr('height', height)
        .attr('aria-hidden', 'true').attr('focusable', 'false');
  }

  function label(text, room) {
    return text.length <= room ? text : text.slice(0, Math.max(1, room - 1)) + '…';
  }

  function histogram(box, data, width) {
    const tall = 34;
    const draw = svg(box, width, tall + (data.ticks ? 22 : 2) + (data.label ? 18 : 0));
    const last = data.first + data.width * data.bins;
    const x = d3.scaleLinear([data.first, last], [1, width - 1]);
    const y = d3.scaleSqrt([0, d3.max(data.counts, c => c[1])], [0, tall]);
    const edge = bin => brief(+(data.first + bin * data.width).toPrecision(6));
    draw.selectAll(null).data(data.counts).join('rect')
        .attr('class', c => data.first + (c[0] + .5) * data.width < 0 ? 'bar below' : 'bar')
        .attr('x', c => x(data.first + c[0] * data.width))
        .attr('width', Math.max(1.5, x(data.first + data.width) - x(data.first) - .6))
        .attr('y', c => tall - Math.max(2, y(c[1]))).attr('height', c => Math.max(2, y(c[1])))
        .append('title').text(c => c[1] + (c[1] === 1 ? ' value' : ' values') + ' from ' + edge(c[0]) + ' to ' + edge(c[0] + 1));
    draw.append('line').attr('class', 'zero').attr('x1', x(0)).attr('x2', x(0)).attr('y1', -2).attr('y2', tall);
    const axis = d3.axisBottom(x).ticks(Math.max(3, Math.floor(width / 90))).tickSizeOuter(0)
        .tickFormat(data.ticks ? ticks(data, last - data.first) : '');
    draw.append('g').attr('transform', `translate(0,${tall})`).call(data.ticks ? axis : axis.tickSize(0)).call(raise);
    if (data.label) {
      draw.append('text').attr('x', width).attr('y', tall + 36).attr('text-anchor', 'end').text(data.label);
    }
  }

  function domain(values) {
    let [low, high] = d3.extent(values);
    if (low === undefined) {
      [low, high] = [0, 1];
    }
    const margin = (high - low) * .04 || Math.abs(high) * .1 || 1;
    return [low - margin, high + margin];
  }

  function plot(box, data, width) {
    const left = 58, top = 26, bottom = 44, right = 14;
    const named = data.series.filter(s => s.name);
    const height = Math.round(Math.min(420, Math.max(260, width * .6)));
    const draw = svg(box, width, height);
    const points = data.series.flatMap(s => s.points);
    const x = d3.scaleLinear(domain(points.map(p => p[0])), [left, width - right]);
    const y = d3.scaleLinear(domain(points.map(p => p[1])), [height - bottom, top]);
    const axis = (make, scale, of, count) => {
      const a = make(scale).ticks(count).tickSizeOuter(0).tickFormat(ticks(of, scale.domain()[1] - scale.domain()[0]));
      // Powers of ten stand at whole exponents where there are some.
      const whole = scale.ticks(count).filter(Number.isInteger);
      return of.log && whole.length > 1 ? a.tickValues(whole) : a;
    };
    draw.append('g').attr('transform', `translate(0,${height - bottom})`)
        .call(axis(d3.axisBottom, x, data.x, Math.max(3, Math.floor(width / 100))).tickSizeInner(top + bottom - height))
        .call(g => g.selectAll('text').attr('dy', '1.3em')).call(raise);
    draw.append('g').attr('transform', `translate(${left},0)`)
        .call(axis(d3.axisLeft, y, data.y, 6).tickSizeInner(left + right - width)).call(raise);
    draw.append('text').attr('x', width - right).attr('y', height - 6).attr('text-anchor', 'end').text(data.x.label);
    draw.append('text').attr('x', 0).attr('y', 12).text(data.y.label);
    data.series.forEach((s, i) => {
      const group = draw.append('g').attr('class', 's' + i % 6);
      if (s.mark === 'points') {
        group.selectAll(null).data(s.points).join('circle').attr('class', 'points')
            .attr('cx', p => x(p[0])).attr('cy', p => y(p[1])).attr('r', s.points.length > 400 ? 2 : 3);
      } else {
        group.append('path').attr('class', s.mark).attr('d', d3.line(p => x(p[0]), p => y(p[1]))(s.points));
      }
    });
    const legend = d3.select(box).append('ul').attr('class', 'legend');
    named.forEach(s => {
      const item = legend.append('li').attr('class', 's' + data.series.indexOf(s) % 6);
      item.append('span').attr('class', 'swatch ' + s.mark);
      item.append('span').text(s.name);
    });
  }

  function grid(box, data, width) {
    const gap = 28, head = 20;
    const columns = data.panels.map(p => p.classes.length ? p.classes[0].length : 0);
    const cell = Math.max(12, Math.min(30, Math.floor((width - gap) / Math.max(1, d3.max(columns) || 1))));
    // Panels flow in rows like words.
    let at = 0, line = 0, deepest = 0;
    const places = data.panels.map((p, i) => {
      const w = Math.max(columns[i] * cell, Math.min(width, p.name.length * 6.4));
      const h = p.classes.length * cell + head;
      if (at > 0 && at + w > width) {
        line += deepest + gap;
        at = deepest = 0;
      }
      const place = [at, line];
      at += w + gap;
      deepest = Math.max(deepest, h);
      return place;
    });
    const draw = svg(box, width, line + deepest + 2);
    data.panels.forEach((p, i) => {
      const panel = draw.append('g').attr('transform', `translate(${places[i]})`);
      panel.append('text').attr('class', 'name').attr('y', 12).text(label(p.name, Math.floor(width / 6.4))).append('title').text(p.name);
      const sizes = d3.rollup(p.classes.flat(), v => v.length, c => c);
      const shared = Array.from(sizes.keys()).filter(c => sizes.get(c) > 1);
      const hue = new Map(shared.map((c, k) => [c, (k * 137.508 + 210) % 360]));
      p.classes.forEach((row, r) => row.forEach((c, k) => {
        const pixel = panel.append('g').attr('transform', `translate(${k * cell},${head + r * cell})`);
        const square = pixel.append('rect').attr('class', hue.has(c) ? 'pixel' : 'pixel single')
            .attr('width', cell).attr('height', cell).attr('rx', 2);
        if (hue.has(c)) {
          square.attr('fill', `oklch(0.78 0.09 ${hue.get(c)})`);
          if (cell >= 16) {
            pixel.append('text').attr('class', 'pixel-class').attr('x', cell / 2).attr('y', cell / 2).text(shared.indexOf(c) + 1);
          }
        }
        square.append('title').text(hue.has(c) ? sizes.get(c) + ' equal pixels' : 'no equal pixel');
      }));
    });
  }

  const kinds = {histogram, plot, grid};

  /** Draws every figure at the width of its column. */
  function draw() {
    const column = document.getElementById('top').clientWidth;
    for (const box of document.querySelectorAll('.plot')) {
      const data = JSON.parse(box.dataset.figure);
      // A folded figure has no width yet: its check is inset in the column.
      const room = box.clientWidth || column - (column < 560 ? 60 : 140);
      kinds[data.kind](box, data, Math.max(240, Math.min(760, room)));
    }
  }

  return {draw};
})();
